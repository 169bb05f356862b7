import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { EntryCount, EntryTotals } from '../model/entries.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known, unavailable } from './known.ts';

/** Kernel entries of a stretch that the counters saw from beginning to end. */
export interface CountedEntries {
  /** Length of the stretch by the counters' own clock; more than 0. */
  readonly seconds: number;
  readonly method: EntryTotals['method'];
  readonly exact: boolean;
  readonly caveat?: string;
  /** As in EntryTotals. */
  readonly passedOver?: Known<number>;
  /** As in EntryTotals. */
  readonly sees32Bit?: boolean;
  readonly counts: readonly EntryCount[];
  /** Per thread and per what it read; unavailable where the table at the beginning is gone, or none was laid to one. */
  readonly threads: Known<EntryTotals['threads']>;
}

/**
 * What was counted between the two ends of a window. Where the counters were opened anew in between, it is what they
 * counted since, over the time since: a shorter stretch, and true.
 */
export function countEntries({ first, last }: Pick<Window, 'first' | 'last'>): Known<CountedEntries> {
  const end = known(last.entries);
  if (isUnavailable(end)) return end;
  const begin = known(first.entries);
  const base = isUnavailable(begin) || wasReopened(begin, end) ? nothingYet(end) : begin;
  const seconds = (end.armedForMs - base.armedForMs) / 1_000;
  if (!(seconds > 0)) return unavailable('absent', 'no time has passed yet in this window');
  return {
    seconds,
    method: end.method,
    exact: end.exact,
    ...(end.caveat !== undefined && { caveat: end.caveat }),
    ...(end.passedOver !== undefined && { passedOver: end.passedOver }),
    ...(end.sees32Bit !== undefined && { sees32Bit: end.sees32Bit }),
    counts: subtract(base.counts, end.counts, keyOf),
    threads: subtractThreads(base, end),
  };
}

export function countOf(counted: CountedEntries, fn: EntryFunction, slot?: ClockSlot): number {
  return counted.counts
    .filter((entry) => entry.fn === fn && (slot === undefined || entry.slot === slot))
    .reduce((sum, { count }) => sum + count, 0);
}

/** Counters only grow while they live: where it is not told which they are, what shrinks or was armed later is another set. */
export function wasReopened(begin: EntryTotals, end: EntryTotals): boolean {
  if (begin.opening !== end.opening) return true;
  if (begin.method !== end.method || end.armedForMs < begin.armedForMs) return true;
  const counts = countsByKey(end.counts, keyOf);
  return begin.counts.some((entry) => entry.count > (counts.get(keyOf(entry)) ?? 0));
}

function nothingYet(end: EntryTotals): EntryTotals {
  return { ...end, armedForMs: 0, counts: [], threads: [], unattributed: 0 };
}

function keyOf({ fn, slot }: EntryCount): string {
  return `${fn} ${slot}`;
}

function countsByKey<E extends EntryCount>(
  entries: readonly E[],
  key: (entry: E) => string,
): ReadonlyMap<string, number> {
  return new Map(entries.map((entry) => [key(entry), entry.count]));
}

function subtract<E extends EntryCount>(
  before: readonly E[],
  after: readonly E[],
  key: (entry: E) => string,
): readonly E[] {
  const base = countsByKey(before, key);
  return after
    .map((entry) => ({ ...entry, count: sinceBase(entry.count, base.get(key(entry)) ?? 0) }))
    .filter(({ count }) => count > 0);
}

/** A thread whose count shrank is a new thread with an old number. */
function sinceBase(count: number, base: number): number {
  return count >= base ? count - base : count;
}

function subtractThreads(base: EntryTotals, end: EntryTotals): CountedEntries['threads'] {
  const baseCounted = base.counts.reduce((sum, { count }) => sum + count, 0);
  if (base.threads.length === 0 && baseCounted > base.unattributed)
    return unavailable('absent', 'the table of threads at the beginning of this window is no longer held');
  const threads = subtract(base.threads, end.threads, (entry) => `${entry.tid} ${keyOf(entry)}`);
  if (threads.length === 0 && subtract(base.counts, end.counts, keyOf).length > 0)
    return unavailable('unsupported', 'kernel entries were counted, but are not laid to threads');
  return threads;
}
