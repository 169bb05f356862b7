import type { Reading } from '../../model/reading.ts';
import type { TargetFacts } from '../../model/target.ts';
import { available, unavailable } from '../reading.ts';
import { readInInitialPidNamespace } from './pid-namespace.ts';
import { readProcessStatus } from './process-status.ts';
import { readThreadStatuses, type ThreadStatuses } from './thread-statuses.ts';

/** What may come on at any time, on a single thread. */
export type ThreadFacts = Pick<TargetFacts, 'tracerPid' | 'seccompMode'>;

/** From status files alone, without the mmap lock: it may be read again while a target runs. Never throws. */
export function readThreadFacts(pid: number): ThreadFacts {
  const status = readProcessStatus(`/proc/${pid}`);
  const threads = readThreadStatuses(pid);
  return {
    tracerPid: readTracer(ofThreads(status, threads, 'TracerPid')),
    seccompMode: readSeccompMode(ofThreads(status, threads, 'Seccomp')),
  };
}

/** The largest value among the threads; zero only where every thread was read. */
function ofThreads(
  status: Reading<ReadonlyMap<string, string>>,
  threads: ThreadStatuses,
  field: string,
): Reading<number> {
  if ('unavailable' in status) return status;
  const value = threads.largest(field);
  if (value === undefined) return unavailable('absent', `${status.source} has no ${field}`);
  const source = `${status.source} ${field} of ${threads.read}`;
  if (value === 0 && !threads.whole) return unavailable('unsupported', `${source} is 0, and the others were not read`);
  return available(value, source);
}

/** The kernel writes 0 for a tracer that our PID namespace has no number for (fs/proc/array.c, task_state). */
function readTracer(tracer: Reading<number>): Reading<number> {
  if ('unavailable' in tracer || tracer.value !== 0) return tracer;
  const initial = readInInitialPidNamespace();
  if ('value' in initial && initial.value) return tracer;
  return unavailable(
    'unsupported',
    `${tracer.source} is 0, and a tracer outside this PID namespace would show as 0 too`,
    'run vdsotop in the PID namespace of the host',
  );
}

const seccompModes = ['none', 'strict', 'filter'] as const;

function readSeccompMode(number: Reading<number>): TargetFacts['seccompMode'] {
  if ('unavailable' in number) return number;
  const mode = seccompModes[number.value];
  return mode === undefined
    ? unavailable('unsupported', `${number.source} is ${number.value}, a mode that is not known here`)
    : available(mode, number.source);
}
