import type { ThreadEntryCount } from '../model/entries.ts';

/** More than are shown: the ten of any window lie among those that did most in all and those that did most lately. */
const busiestInAll = 16;
const busiestOfARead = 16;
/** Longer than a window of judgement at any pace. */
const rememberedReads = 64;
const mostRemembered = 48;

/**
 * The threads worth a name, from cumulative counts read time after time: a window's busiest are neither always those of
 * all time nor those of this moment.
 */
export function createBusiestThreads(): (threads: readonly ThreadEntryCount[]) => readonly number[] {
  let before: ReadonlyMap<number, number> = new Map();
  /** When each was last among the busiest of a read, oldest first. */
  const lately = new Map<number, number>();
  let reads = 0;

  return (threads) => {
    const totals = totalsOf(threads);
    const growth = new Map([...totals].map(([tid, count]) => [tid, count - (before.get(tid) ?? 0)]));
    before = totals;
    reads += 1;
    for (const tid of top(growth, busiestOfARead)) {
      lately.delete(tid);
      lately.set(tid, reads);
    }
    for (const [tid, at] of lately)
      if (reads - at >= rememberedReads || lately.size > mostRemembered) lately.delete(tid);
    return [...new Set([...top(totals, busiestInAll), ...lately.keys()])];
  };
}

function totalsOf(threads: readonly ThreadEntryCount[]): ReadonlyMap<number, number> {
  const totals = new Map<number, number>();
  for (const { tid, count } of threads) totals.set(tid, (totals.get(tid) ?? 0) + count);
  return totals;
}

function top(counts: ReadonlyMap<number, number>, most: number): readonly number[] {
  return [...counts]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([tid]) => tid);
}
