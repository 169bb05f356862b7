import type { CallSite } from '../model/call-sites.ts';
import type { EntryFunction } from '../model/clock-calls.ts';
import type { ThreadEntryCount } from '../model/entries.ts';
import type { Basis } from './basis.ts';
import { mapKnown, orElse } from './known.ts';
import { sum } from './statistics.ts';

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
  readonly total: number;
}

export function weighSites(basis: Basis, sites: readonly CallSite[]): SiteWeights {
  const ofThreads = weightsOfThreads(basis, sites);
  const entries = entriesOfRead(basis, sites);
  const isTree = basis.window.last.tree !== undefined && sites.every(({ process }) => process !== undefined);
  if (isTree && sites[0]?.side === 'kernel' && entries.length > 0) return weighProcesses(sites, ofThreads, entries);
  return { of: (tid) => ofThreads.get(tid) ?? 0, total: sum([...ofThreads.values()]) };
}

/**
 * Threads of one process stand for the others of it, a process for no other: entries of those that were not sampled are in
 * the total alone.
 */
function weighProcesses(
  sites: readonly CallSite[],
  ofThreads: ReadonlyMap<number, number>,
  entries: readonly ThreadEntryCount[],
): SiteWeights {
  const processOf = new Map(sites.map(({ tid, process }) => [tid, process?.pid]));
  const sampled = (pid: number | undefined) => [...ofThreads].filter(([tid]) => processOf.get(tid) === pid);
  const weights = new Map(
    [...ofThreads].map(([tid, weight]) => {
      const threads = sampled(processOf.get(tid));
      const own = entries.filter((entry) => threads.some(([other]) => other === entry.tid));
      return [tid, (sum(own.map(({ count }) => count)) * weight) / sum(threads.map(([, each]) => each))] as const;
    }),
  );
  const total = sum(entries.map(({ count }) => count));
  return { of: (tid) => weights.get(tid) ?? 0, total };
}

function weightsOfThreads(basis: Basis, sites: readonly CallSite[]): ReadonlyMap<number, number> {
  const tids = [...new Set(sites.map(({ tid }) => tid))];
  const rateOf = sites[0]?.side === 'kernel' ? entriesOf(basis, sites) : callRateOf(basis, sites);
  const rates = tids.map((tid) => [tid, rateOf(tid)] as const);
  if (rates.every(([, rate]) => rate > 0)) return new Map(rates);
  return new Map(tids.map((tid) => [tid, samplesOf(sites.filter((site) => site.tid === tid))]));
}

function entriesOfRead({ counted }: Basis, [site]: readonly CallSite[]): readonly ThreadEntryCount[] {
  const threads = mapKnown(counted, (all) => orElse(all.threads, []));
  return orElse(threads, []).filter((entry) => isSameRead(entry, site));
}

function entriesOf(basis: Basis, sites: readonly CallSite[]): (tid: number) => number {
  const own = entriesOfRead(basis, sites);
  return (tid) => sum(own.filter((entry) => entry.tid === tid).map(({ count }) => count));
}

/** Calls a millisecond at which a breakpoint was armed and looking. */
function callRateOf({ window }: Basis, [site]: readonly CallSite[]): (tid: number) => number {
  return (tid) => {
    const looks = window.fastWindows
      .filter((look) => look.tid === tid)
      .flatMap(({ armedMs, functions }) =>
        functions.filter(({ fn }) => fn === site?.fn).map((look) => ({ armedMs, ...look })),
      );
    const ms = sum(looks.map(({ armedMs, usedUpAfterMs = armedMs }) => usedUpAfterMs));
    const hits = looks.flatMap((look) => look.hits).filter(({ slot }) => slot === site?.slot);
    return ms > 0 ? sum(hits.map(({ count }) => count)) / ms : 0;
  };
}

function samplesOf(sites: readonly CallSite[]): number {
  return sum(sites.map(({ samples }) => samples));
}
