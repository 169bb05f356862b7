import { primeFrom } from './prime-from.ts';

/** A record is dearer than a count by a third of it at most: of so many calls one is told apart. */
const leastPeriod = 15;
/** Records of one window: a ring holds 370. */
const mostRecords = 240;

/** How a window that counts is armed: by event, one record of so many calls, and so many records before it looks no further. */
export interface CountingPeriods {
  readonly periods: readonly number[];
  readonly bounds: readonly number[];
}

/**
 * `most`: calls after which each event is to look no further. A prime, and another each time, lest it beat with what the target
 * does: of ten calls in turn, one of fifteen is always the same two.
 */
export function countingPeriods(most: readonly number[], random: () => number = Math.random): CountingPeriods {
  const all = most.reduce((sum, calls) => sum + calls, 0);
  const least = Math.max(leastPeriod, Math.ceil(all / mostRecords));
  const period = primeFrom(least * (1 + random()));
  return { periods: most.map(() => period), bounds: most.map((calls) => Math.ceil(calls / period)) };
}
