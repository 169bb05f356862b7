import type { EntryCount } from '../model/entries.ts';
import type { Coverage, ProcessCoverage } from '../model/report.ts';
import type { Basis } from './basis.ts';
import { sampledCallSites } from './call-sites.ts';
import type { CountedEntries } from './counted-entries.ts';
import { endedProcesses } from './ended-processes.ts';
import { endedThreads } from './ended-threads.ts';
import { enteringProcesses } from './entering-processes.ts';
import { entriesHiddenBy } from './entries-hidden-by.ts';
import { isUnavailable, known, mapKnown, orElse, unavailable } from './known.ts';
import { secondsPhrase, sharePhrase } from './phrase.ts';
import { threadsPhrase } from './threads-phrase.ts';

export function describeCoverage(basis: Basis): Coverage {
  const { counted, threads } = basis;
  const watchedSeconds = secondsWatched(basis);
  const processes = processesOf(basis);
  const ofNoThread = isUnavailable(counted) ? undefined : partOfNoThread(counted);
  return {
    windowSeconds: windowSeconds(basis),
    watchedSeconds,
    threads,
    threadsEnded: endedThreads(basis),
    ...(processes !== undefined && { processes }),
    entriesCounted: isUnavailable(counted)
      ? counted
      : counted.exact
        ? 1
        : unavailable('unsupported', counted.caveat ?? 'the counter is not exact'),
    ...(!isUnavailable(counted) && counted.passedOver !== undefined && { entriesPassedOver: counted.passedOver }),
    ...(ofNoThread !== undefined && { entriesOfNoThread: ofNoThread }),
    method: mapKnown(counted, ({ method }) => method),
    callSiteSamples: mapKnown(sampledCallSites(basis.window), ({ samples, lost }) => ({ ...samples, lost })),
    sentence: `${watchedPart(windowSeconds(basis), watchedSeconds)}, ${threadsPhrase(basis, processes)}, ${entriesPart(basis)}${callSitesPart(basis, processes)}${cpuSamplesPart(processes)}`,
  };
}

/** Less than this of what was watched is no other stretch, but what lies between counters and clock. */
const samePart = 0.02;

/** 'watched 14 s', or which part of it was judged where that is not all. */
function watchedPart(seconds: number, watchedSeconds: number): string {
  const isAll = watchedSeconds - seconds <= Math.max(1, samePart * watchedSeconds);
  return isAll
    ? `watched ${secondsPhrase(watchedSeconds)}`
    : `the last ${secondsPhrase(seconds)} of ${secondsPhrase(watchedSeconds)} watched`;
}

/** Counters are armed a little before the first snapshot: the window they saw is part of what was watched. */
function secondsWatched(basis: Basis): number {
  return Math.max(basis.window.watchedSeconds, windowSeconds(basis));
}

/** Of the counters where they count, else between the two snapshots. */
export function windowSeconds({ window: { first, last }, counted }: Basis): number {
  return isUnavailable(counted) ? Math.max(0, last.elapsedMs - first.elapsedMs) / 1_000 : counted.seconds;
}

function processesOf({ window, counted }: Basis): ProcessCoverage | undefined {
  const { tree } = window.last;
  if (tree === undefined) return undefined;
  const entering = enteringProcesses(window.last, counted);
  const sites = orElse(
    mapKnown(sampledCallSites(window), (sampled) => sampled.sites),
    [],
  );
  const pidsOf = (some: typeof sites) => new Set(some.map((site) => site.process?.pid ?? 0));
  const ofKernel = pidsOf(sites.filter(({ side }) => side === 'kernel'));
  const ended = endedProcesses(window);
  return {
    count: tree.processCount,
    ...(ended !== undefined && { ended }),
    entering: mapKnown(entering, ({ size }) => size),
    enteringSampled: [...orElse(entering, [])].filter((pid) => ofKernel.has(pid)).length,
    sampled: pidsOf(sites).size,
    cpuSampled: mapKnown(known(window.last.cpuSamples), (samples) => samples.processes ?? 1),
  };
}

function entriesPart(basis: Basis): string {
  const { counted } = basis;
  if (isUnavailable(counted)) return `kernel entries not counted (${counted.unavailable}: ${counted.detail})`;
  const hiddenBy = entriesHiddenBy(basis);
  const untold = isUnavailable(counted.passedOver) ? ' (if the kernel passed over none)' : '';
  const unlaid = noThreadPart(counted);
  if (counted.exact)
    return `every entry counted${hiddenBy === undefined ? '' : ` that its ${hiddenBy} let pass`}${untold}${unlaid}`;
  return `entries counted by ${counted.method}, not exactly: ${counted.caveat ?? 'no reason given'}${unlaid}`;
}

/** Where none is laid to a thread, that is told with the threads. */
function partOfNoThread({ counts, threads }: CountedEntries): number | undefined {
  if (isUnavailable(threads)) return undefined;
  const [all, laid] = [sumOf(counts), sumOf(threads)];
  return all > laid ? (all - laid) / all : undefined;
}

function sumOf(entries: readonly EntryCount[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

function noThreadPart(counted: CountedEntries): string {
  const part = partOfNoThread(counted);
  const why = 'the table of threads is full, or they ended too soon';
  return part === undefined ? '' : `, ${sharePhrase(part)} of them laid to no thread (${why})`;
}

/** Nothing where no call site was sampled: why not is told among the limits. */
function callSitesPart({ window }: Basis, processes: ProcessCoverage | undefined): string {
  const sampled = sampledCallSites(window);
  if (isUnavailable(sampled)) return '';
  const { samples, lost } = sampled;
  const sides = [
    ...(samples.kernel > 0 ? [`${samples.kernel} kernel entries`] : []),
    ...(samples.vdso > 0 ? [`${samples.vdso} vDSO calls`] : []),
  ];
  const dropped = lost === 0 ? '' : `, ${lost} samples of them dropped`;
  return sides.length === 0 && lost === 0
    ? ''
    : `, call sites of ${sides.join(' and ') || 'nothing'} sampled${inProcesses(processes)}${dropped}`;
}

/** ' in 3 processes, 2 of 4 that enter the kernel' */
function inProcesses(processes: ProcessCoverage | undefined): string {
  if (processes === undefined || processes.count === 1) return '';
  const { sampled, entering, enteringSampled } = processes;
  const told =
    isUnavailable(entering) || entering === 0 ? '' : `, ${enteringSampled} of ${entering} that enter the kernel`;
  return ` in ${processCount(sampled)}${told}`;
}

function cpuSamplesPart(processes: ProcessCoverage | undefined): string {
  if (processes === undefined || processes.count === 1 || isUnavailable(processes.cpuSampled)) return '';
  if (processes.cpuSampled === 0) return ', CPU samples taken in no process';
  return `, CPU samples taken in ${processCount(processes.cpuSampled)}`;
}

function processCount(count: number): string {
  return count === 1 ? 'one process' : `${count} processes`;
}
