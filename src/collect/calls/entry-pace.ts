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

/**
 * `perMs`: by event, entries a millisecond of the thread that enters most. The period is the same for all threads, so that
 * samples are to each other as entries are; it is a prime, and another one each time, so that no pattern of callers beats
 * with it.
 */
export function entryPace(perMs: readonly number[], random: () => number): EntryPace {
  const room = Math.floor(ringSamples / perMs.length);
  const samples = Math.min(wanted, Math.ceil(room / 2));
  const affordable = windowCostNs / (nsPerEntry * samples * perMs.length);
  const busiest = Math.max(...perMs, 0);
  const windowMs = Math.max(shortestMs, Math.min(longestMs, (affordable * samples) / Math.max(busiest, 1e-6)));
  return {
    windowMs,
    periods: perMs.map((rate) => primeNear(Math.min(affordable, (rate * windowMs) / samples) * (0.8 + 0.4 * random()))),
    bounds: perMs.map(() => Math.min(room, samples * 2)),
  };
}

function primeNear(value: number): number {
  const from = Math.round(value);
  if (from <= 2) return Math.max(1, from);
  for (let candidate = from; ; candidate += 1) if (isPrime(candidate)) return candidate;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return true;
}
