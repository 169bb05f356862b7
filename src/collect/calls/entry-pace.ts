import { primeFrom } from './prime-from.ts';

/** How entries are to be sampled in the next window. */
export interface EntryPace {
  readonly windowMs: number;
  /** By event: one entry of so many, and at most so many samples of a thread. */
  readonly periods: readonly number[];
  readonly bounds: readonly number[];
}

const longestMs = 40;
const shortestMs = 2;
/** Samples wanted of the busiest thread and group. */
const wanted = 24;
/** What an armed tracepoint adds to an entry, nanoseconds, and what may be spent on it in one window of one thread. */
const nsPerEntry = 150;
const windowCostNs = 5e5;
/** Records of 1,024 bytes of stack that fit into a ring. */
const ringSamples = 100;
/** Up to this part of what there is room for every entry is taken. */
const takenWhole = 0.7;
/**
 * Else one of so many at least, or somewhat more: most patterns of callers are of two, three, five or ten entries, and one of
 * five is then the same caller each time. For that a window may be so much longer.
 */
const leastPeriod = 11;
const spreadMs = 100;

/**
 * `perMs`: by event, entries a millisecond of the thread that enters most. The period is the same for all threads, so that
 * samples are to each other as entries are; it is a prime, and another one each time, so that no pattern of callers beats
 * with it.
 */
export function entryPace(perMs: readonly number[], random: () => number): EntryPace {
  const room = Math.floor(ringSamples / perMs.length);
  const samples = Math.min(wanted, Math.ceil(room / 2));
  const affordable = windowCostNs / (nsPerEntry * samples * perMs.length);
  const busiest = Math.max(...perMs, 1e-6);
  const affordableMs = (affordable * samples) / busiest;
  const isWhole = (rate: number, ms: number) => rate * ms <= takenWhole * room;
  const usualMs = Math.min(longestMs, affordableMs);
  const spreadOutMs = Math.min(spreadMs, affordableMs, (samples * (leastPeriod + 1)) / busiest);
  const windowMs = Math.max(shortestMs, usualMs, isWhole(busiest, usualMs) ? 0 : spreadOutMs);
  const periodOf = (rate: number) => {
    if (isWhole(rate, windowMs)) return 1;
    const least = leastPeriod - 1 + 3 * random();
    return primeFrom(Math.max(least, Math.min(affordable, (rate * windowMs) / samples) * (0.8 + 0.4 * random())));
  };
  const periods = perMs.map(periodOf);
  return { windowMs, periods, bounds: periods.map((period) => (period === 1 ? room : Math.min(room, samples * 2))) };
}
