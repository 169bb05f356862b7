import type { ThreadEntryCount } from '../model/entries.ts';

/** More than are shown, as the window that will be shown may begin a moment beside the one that is known now. */
const busiestOfAWindow = 16;
const busiestOfARead = 16;
/** Longer than a window of judgement at any pace. */
const rememberedReads = 64;
const mostRemembered = 48;

type Threads = readonly ThreadEntryCount[];

/**
 * The threads worth a name, from cumulative counts read time after time: those that did most in all, since the windows that are
 * shown began (`begins`), or lately. Where hundreds do as much as each other these are not the same.
 */
export function createBusiestThreads(): (threads: Threads, begins?: readonly Threads[]) => readonly number[] {
  let before: ReadonlyMap<number, number> = new Map();
  /** When each was last among the busiest of a read, oldest first. */
  const lately = new Map<number, number>();
  let reads = 0;

  return (threads, begins = []) => {
    const totals = totalsOf(threads);
    const growth = grownSince(before, totals);
    before = totals;
    reads += 1;
    for (const tid of top(growth, busiestOfARead)) {
      lately.delete(tid);
      lately.set(tid, reads);
    }
    for (const [tid, at] of lately)
      if (reads - at >= rememberedReads || lately.size > mostRemembered) lately.delete(tid);
    const windows = [totals, ...begins.map((begin) => grownSince(totalsOf(begin), totals))];
    return [...new Set([...windows.flatMap((counts) => top(counts, busiestOfAWindow)), ...lately.keys()])];
  };
}

/** A thread whose count shrank is a new thread with an old number. */
function grownSince(before: ReadonlyMap<number, number>, totals: ReadonlyMap<number, number>) {
  return new Map(
    [...totals].map(([tid, count]) => {
      const had = before.get(tid) ?? 0;
      return [tid, count >= had ? count - had : count] as const;
    }),
  );
}

function totalsOf(threads: Threads): ReadonlyMap<number, number> {
  const totals = new Map<number, number>();
  for (const { tid, count } of threads) totals.set(tid, (totals.get(tid) ?? 0) + count);
  return totals;
}

function top(counts: ReadonlyMap<number, number>, most: number): readonly number[] {
  return [...counts]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, most)
    .map(([tid]) => tid);
}
