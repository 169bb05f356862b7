import type { CallSite } from '../model/call-sites.ts';
import type { EntryFunction } from '../model/clock-calls.ts';
import type { ThreadEntryCount } from '../model/entries.ts';
import type { Basis } from './basis.ts';
import { mapKnown, orElse } from './known.ts';
import { samplesByThread } from './samples-by-thread.ts';
import { ratioVariance, sum } from './statistics.ts';

export type ReadKind = { readonly fn: EntryFunction; readonly slot: number };

/** Whether an entry, or a sample of one, is of that kind of read. */
export function isSameRead(entry: ReadKind, site: ReadKind | undefined): boolean {
  return entry.fn === site?.fn && (entry.fn !== 'clock_gettime' || entry.slot === site.slot);
}

/**
 * How much each sampled thread counts among sites of one kind of read and side, and what all such reads count: a window
 * takes about as many samples of a slow thread as of a busy one, so they are weighed by how often the thread reads. Where
 * that is not known of all of them, by their samples.
 */
export interface SiteWeights {
  of(tid: number): number;
  /** The variance of that, relative to its square: of what was counted there is none. */
  spreadOf(tid: number): number;
  readonly total: number;
}

export function weighSites(basis: Basis, sites: readonly CallSite[]): SiteWeights {
  const ofThreads = weightsOfThreads(basis, sites);
  const entries = entriesOfRead(basis, sites);
  const isTree = basis.window.last.tree !== undefined && sites.every(({ process }) => process !== undefined);
  if (isTree && sites[0]?.side === 'kernel' && entries.length > 0) return weighProcesses(sites, ofThreads, entries);
  return { of: ofThreads.of, spreadOf: ofThreads.spreadOf, total: sum(ofThreads.tids.map(ofThreads.of)) };
}

/**
 * Threads of one process stand for the others of it, a process for no other: entries of those that were not sampled are in
 * the total alone.
 */
function weighProcesses(
  sites: readonly CallSite[],
  ofThreads: ThreadWeights,
  entries: readonly ThreadEntryCount[],
): SiteWeights {
  const processOf = new Map(sites.map(({ tid, process }) => [tid, process?.pid]));
  const sampled = (pid: number | undefined) => ofThreads.tids.filter((tid) => processOf.get(tid) === pid);
  const weights = new Map(
    ofThreads.tids.map((tid) => {
      const threads = sampled(processOf.get(tid));
      const own = entries.filter((entry) => threads.includes(entry.tid));
      return [tid, (sum(own.map(({ count }) => count)) * ofThreads.of(tid)) / sum(threads.map(ofThreads.of))] as const;
    }),
  );
  const total = sum(entries.map(({ count }) => count));
  return { of: (tid) => weights.get(tid) ?? 0, spreadOf: ofThreads.spreadOf, total };
}

interface ThreadWeights extends Pick<SiteWeights, 'of' | 'spreadOf'> {
  readonly tids: readonly number[];
}

/** A rate that was not measured may be anything. */
const unknownSpread = 1;

function weightsOfThreads(basis: Basis, sites: readonly CallSite[]): ThreadWeights {
  const samples = samplesByThread(sites);
  const tids = [...samples.keys()];
  const rateOf = sites[0]?.side === 'kernel' ? entriesOf(basis, sites) : callRateOf(basis, sites);
  const rates = new Map(tids.map((tid) => [tid, rateOf(tid)] as const));
  const isKnown = [...rates.values()].every(({ rate }) => rate > 0);
  return {
    tids,
    of: (tid) => (isKnown ? rates.get(tid)?.rate : samples.get(tid)) ?? 0,
    spreadOf: (tid) => (isKnown ? (rates.get(tid)?.spread ?? unknownSpread) : unknownSpread),
  };
}

/** `spread`: its variance, relative to its square. */
interface ThreadRate {
  readonly rate: number;
  readonly spread: number;
}

function entriesOfRead({ counted }: Basis, [site]: readonly CallSite[]): readonly ThreadEntryCount[] {
  const threads = mapKnown(counted, (all) => orElse(all.threads, []));
  return orElse(threads, []).filter((entry) => isSameRead(entry, site));
}

function entriesOf(basis: Basis, sites: readonly CallSite[]): (tid: number) => ThreadRate {
  const own = entriesOfRead(basis, sites);
  return (tid) => ({ rate: sum(own.filter((entry) => entry.tid === tid).map(({ count }) => count)), spread: 0 });
}

/** Calls a millisecond at which a breakpoint was armed and looking. */
function callRateOf({ window }: Basis, [site]: readonly CallSite[]): (tid: number) => ThreadRate {
  return (tid) => {
    const looks = window.fastWindows
      .filter((look) => look.tid === tid)
      .flatMap(({ armedMs, functions }) =>
        functions
          .filter(({ fn }) => fn === site?.fn)
          .map(({ usedUpAfterMs = armedMs, hits }) => ({
            all: usedUpAfterMs,
            own: sum(hits.filter(({ slot }) => slot === site?.slot).map(({ count }) => count)),
          })),
      );
    const ms = sum(looks.map(({ all }) => all));
    const calls = sum(looks.map(({ own }) => own));
    if (!(ms > 0 && calls > 0)) return { rate: 0, spread: unknownSpread };
    const rate = calls / ms;
    const relative = ratioVariance(looks, rate) / rate ** 2;
    return { rate, spread: looks.length < 2 ? unknownSpread : (relative * looks.length) / (looks.length - 1) };
  };
}
