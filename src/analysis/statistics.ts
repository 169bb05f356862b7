import type { Interval } from '../model/interval.ts';

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

/** Standard normal deviate of a two-sided 95 % interval. */
export const z95 = 1.96;

/** Two-sided 95 % limits of the mean of a Poisson count. */
export function poissonInterval(count: number): Interval {
  const n = count + 1;
  const high = n * (1 - 1 / (9 * n) + z95 / (3 * Math.sqrt(n))) ** 3;
  const low = count <= 0 ? 0 : Math.max(0, count * (1 - 1 / (9 * count) - z95 / (3 * Math.sqrt(count))) ** 3);
  return { value: count, low, high };
}

/** Of fewer than this, Wilson's interval leaves out what a Poisson count does not: 1 of 50 is less than 0.35 % in 3 of 100 runs. */
const fewSeen = 10;

/**
 * Wilson's 95 % interval of a share seen in `trials` (not necessarily whole: an effective number), wider where few were seen
 * or few were not. 0 to 1 of none.
 */
export function shareInterval(share: number, trials: number): Interval {
  if (!(trials > 0)) return { value: 0, low: 0, high: 1 };
  const spread = z95 ** 2 / trials;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (z95 / (1 + spread)) * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials));
  const low = share <= 0 ? 0 : Math.min(Math.max(0, middle - half), leastOfFew(share, trials));
  const high = share >= 1 ? 1 : Math.max(Math.min(1, middle + half), 1 - leastOfFew(1 - share, trials));
  return { value: share, low, high };
}

function leastOfFew(share: number, trials: number): number {
  const seen = share * trials;
  return seen < fewSeen ? poissonInterval(seen).low / trials : share;
}

/** Student's deviate of a two-sided 95 % interval, by degrees of freedom from 1. */
const t95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];

export function studentDeviate(freedom: number): number {
  return t95[Math.max(1, Math.floor(freedom)) - 1] ?? z95 + 2.7 / freedom;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample; 0 of fewer than two. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length < 2 ? 0 : squares / (values.length - 1);
}

/** Parts of two sums. */
interface RatioPart {
  readonly own: number;
  readonly all: number;
}

/** The variance of Σ own ÷ Σ all, which is `ratio`, by how far its parts lie from it; too small by 1/n of n parts. */
export function ratioVariance(parts: readonly RatioPart[], ratio: number): number {
  return sum(parts.map(({ own, all }) => (own - ratio * all) ** 2)) / sum(parts.map(({ all }) => all)) ** 2;
}

/** Standard deviation relative to the mean; Infinity where that is 0. */
export function relativeSpread(values: readonly number[]): number {
  const mean = meanOf(values);
  return mean === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(varianceOf(values)) / mean;
}

/** Whether limits lie no further from their middle than this, relative to it. */
export function isWithin(halfWidth: number, { low, high }: Interval): boolean {
  return Number.isFinite(high) && high > 0 && high - low <= halfWidth * (high + low);
}

/** The nearest that an interval holds. */
export function clamp(value: number, { low, high }: Pick<Interval, 'low' | 'high'>): number {
  return Math.min(Math.max(value, low), high);
}
