import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, known, mapKnown, unavailable } from './known.ts';
import { sharePhrase } from './phrase.ts';
import { partsOfWhat } from './sampled-processes.ts';
import { sampleReads, type TopCaller, topCallers } from './sampled-reads.ts';

/** What a headline says of the caller that was sampled most. */
export interface CallerWords {
  /** ', all 31 samples from ratelimit+0x3c in libfoo.so' */
  readonly caller: string;
  /** ' (thread worker-3)' where it is one of several threads, in a tree ' (process 4711)'; else ''. */
  readonly thread: string;
}

/** Fewer say too little about where a read comes from. */
const enoughSamples = 4;

/** Of the kernel entries of one kind of read; unavailable where too few were sampled or no caller could be followed. */
export function callerWords(basis: Basis, name: string): Known<CallerWords> {
  return mapKnown(sampleReads(basis), ({ kernel }) => {
    const read = kernel.get(name);
    const [top] = read === undefined ? [] : topCallers(read);
    if (read === undefined || top === undefined || read.samples < enoughSamples)
      return unavailable('absent', `too few entries of ${name} were sampled`);
    const caller =
      top.samples === read.samples
        ? `, all ${read.samples} samples from ${top.phrase}`
        : `, ${sharePhrase(top.part)} of ${partsOfWhat(read) === 'entries' ? 'it' : 'what was sampled'} from ${top.phrase} (${top.samples} of ${read.samples} samples)`;
    return { caller, thread: threadWords(basis, top) };
  });
}

/** In a tree it is the process that is to be told. */
function threadWords({ threads, window }: Basis, { tids, processes }: TopCaller): string {
  const [reader, anotherReader] = processes;
  if (reader !== undefined)
    return anotherReader === undefined ? ` (process ${reader.pid})` : ` (in ${processes.length} processes)`;
  const [tid, another] = tids;
  if (tid === undefined || another !== undefined || threads === 1) return '';
  const activity = known(window.last.activity);
  const name = isUnavailable(activity) ? undefined : activity.threadNames[tid];
  return ` (thread ${name === undefined || name === '' ? tid : name})`;
}
