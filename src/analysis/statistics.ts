import type { Interval } from '../model.ts';

/** The p-quantile (0 to 1) of values already sorted upwards, interpolated between neighbours; NaN of none. */
export function quantile(sorted: readonly number[], p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.ceil(position)];
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (position - below);
}

/** NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(sortedUp(values), 0.5);
}

export function sortedUp(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

/** Standard normal deviate of the one-sided 99 % limit. */
const z99 = 2.326;

/** Upper 99 % limit of the mean of a Poisson count (Wilson and Hilferty's approximation); 4.6 for a count of 0. */
export function poissonUpper(count: number): number {
  const n = count + 1;
  return n * (1 - 1 / (9 * n) + z99 / (3 * Math.sqrt(n))) ** 3;
}

/** Lower 99 % limit of the mean of a Poisson count; 0 for a count of 0. */
export function poissonLower(count: number): number {
  if (count <= 0) return 0;
  return Math.max(0, count * (1 - 1 / (9 * count) - z99 / (3 * Math.sqrt(count))) ** 3);
}

export function scaleInterval({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low * factor, high: high * factor };
}

export function addIntervals(intervals: readonly Interval[]): Interval {
  return intervals.reduce(
    (sum, { value, low, high }) => ({ value: sum.value + value, low: sum.low + low, high: sum.high + high }),
    {
      value: 0,
      low: 0,
      high: 0,
    },
  );
}
