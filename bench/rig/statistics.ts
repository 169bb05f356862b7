/** A figure and the interval it lies in. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Between the two middle values where their number is even. NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between the two nearest ranks (type 7 of Hyndman and Fan, as R and NumPy do). NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean without the tenth of the values at either end. */
export function trimmedMean(values: readonly number[]): number {
  const cut = Math.floor(values.length / 10);
  return mean(values.toSorted((a, b) => a - b).slice(cut, values.length - cut));
}

/** The median with the least and the greatest value. */
export function medianAndRange(values: readonly number[]): Estimate {
  return { value: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/**
 * A statistic with its 95 % confidence interval by the percentile bootstrap: the values are drawn anew, with
 * replacement, as often as there are, and the interval holds the middle 95 % of what the statistic then is.
 */
export function bootstrap(
  values: readonly number[],
  statistic: (values: readonly number[]) => number = mean,
  random: () => number = seededRandom(1),
  draws = 5_000,
): Estimate {
  const drawn = Array.from({ length: draws }, () =>
    statistic(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN)),
  );
  return { value: statistic(values), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain by Tommy Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same items in random order. */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
