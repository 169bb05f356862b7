import type { CallSiteSummary, CodePlace } from '../model/call-sites.ts';
import type { Missing } from '../model/findings.ts';
import type { Report } from '../model/report.ts';
import type { ClockRow } from './clock-rows.ts';
import { cutText } from './fit-text.ts';
import { isUnavailable } from './format.ts';
import { processName } from './process-name.ts';
import type { Tone } from './tones.ts';

type Side = CallSiteSummary['side'];

/** How the two sides are called everywhere, and what they mean for whoever waits. */
export const sideWords: Readonly<Record<Side, { readonly word: string; readonly tone: Tone }>> = {
  kernel: { word: 'kernel', tone: 'bad' },
  vdso: { word: 'vDSO', tone: 'good' },
};

export const sides = Object.keys(sideWords) as readonly Side[];

interface FoundBy {
  readonly words: string;
  readonly tone: Tone;
}

/** How callers were found, where it was not by unwinding. */
const foundByWords: Readonly<Record<Exclude<CallSiteSummary['foundBy'], 'unwinding'>, FoundBy>> = {
  'return-address': { words: 'by its return address alone', tone: 'muted' },
  'frame-pointer': { words: 'by frame pointer: may skip callers', tone: 'warn' },
  none: { words: 'its callers could not be followed', tone: 'warn' },
};

/** What the sentence of a site says itself where its caller is a guess or not known. */
const saidOfIt = /by frame pointer|caller not known/;

/** How the callers of a site were found; undefined where it was by unwinding, or where its sentence says it. */
export function foundBy({ foundBy, sentence }: CallSiteSummary): FoundBy | undefined {
  return foundBy === 'unwinding' || saidOfIt.test(sentence) ? undefined : foundByWords[foundBy];
}

/**
 * The sites of one clock or function: those that enter the kernel first, the most sampled first on each side. Where no
 * vDSO serves the clock, its calls of the vDSO are met again where they enter the kernel: one of the two is enough.
 */
export function sitesOf({ callSites }: Report, clock: ClockRow | undefined): readonly CallSiteSummary[] {
  if (isUnavailable(callSites)) return [];
  const bare = clock?.name.replace('()', '');
  const about = callSites.filter((site) => site.clock.replace('()', '') === bare);
  const [entering = [], calling = []] = sides.map((side) => about.filter((site) => site.side === side));
  return clock?.servedByVdso === false && entering.length > 0 ? entering : [...entering, ...calling];
}

/** The kernel keeps fifteen bytes of a thread's name. */
const longestName = 16;

/** 'worker-3 4714, main 4711 and 2 more'. */
export function threadWords({ threads, threadCount }: CallSiteSummary, most: number): string {
  const named = threads
    .slice(0, most)
    .map(({ tid, name }) => (name === undefined ? `${tid}` : `${cutText(processName(name), longestName)} ${tid}`));
  const more = threadCount - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** 'threads worker-3 4714, main 4711 and 2 more'; of a tree its processes: 'processes nginx 4714, nginx 4715 and 2 more'. */
export function whereWords(site: CallSiteSummary, most: number): string {
  const { processes, threadCount } = site;
  if (processes === undefined) return `${threadCount === 1 ? 'thread' : 'threads'} ${threadWords(site, most)}`;
  const named = processes.busiest
    .slice(0, most)
    .map(({ pid, comm }) => (comm === '' ? `${pid}` : `${cutText(processName(comm), longestName)} ${pid}`));
  const more = processes.count - named.length;
  return `${processes.count === 1 ? 'process' : 'processes'} ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** 'ratelimit+0x3c in libfoo.so', or as much of it as is known; the address stands beside it. */
export function placeWords({ kind, module, symbol, offset = 0 }: CodePlace): string {
  const file = module?.split('/').at(-1) || module;
  if (symbol === undefined && file === undefined) return kind === 'anonymous' ? 'anonymous memory' : 'no known mapping';
  const at = symbol === undefined ? 'no symbol' : `${symbol}${offset === 0 ? '' : `+0x${offset.toString(16)}`}`;
  return `${at} in ${file ?? 'JIT code'}`;
}

/** 'names absent: libfoo.so is stripped of the names …' */
export function nameLimit({ detail }: Missing): string {
  return `names ${detail}`;
}

/** '812 kernel, 96 vDSO samples', of these sites. */
export function sampleWords(sites: readonly CallSiteSummary[]): string {
  const counts = sides.map((side) => ({ side, count: samplesOn(sites, side) })).filter(({ count }) => count > 0);
  const words = counts.map(({ side, count }) => `${count} ${sideWords[side].word}`);
  if (words.length === 0) return '';
  const isOne = counts.reduce((sum, { count }) => sum + count, 0) === 1;
  return `${words.join(', ')} ${isOne ? 'sample' : 'samples'}`;
}

export function samplesOn(sites: readonly CallSiteSummary[], side: Side): number {
  return sites.reduce((sum, site) => sum + (site.side === side ? site.samples : 0), 0);
}
