import type { Interval } from '../model/interval.ts';
import { studentDeviate, sum } from './statistics.ts';

/** A value, and how much it counts: from 0 to 1. */
export interface Weighed {
  readonly value: number;
  readonly weight: number;
}

/**
 * The mean with 95 % limits, by Student's distribution with the freedom of as many values as the weights are worth. Where it
 * is no finite number, so are the limits.
 */
export function limitsOfMean(values: readonly Weighed[]): Interval {
  const all = sum(values.map(({ weight }) => weight));
  const value = sum(values.map((one) => (one.weight === 0 ? 0 : one.value * one.weight))) / all;
  if (!Number.isFinite(value)) return { value, low: value, high: value };
  const worth = all ** 2 / sum(values.map(({ weight }) => weight ** 2));
  const squares = sum(values.map((one) => (one.weight * (one.value - value)) ** 2)) / all ** 2;
  // Of a single value there is no spread.
  const variance = worth > 1 ? (squares * worth) / (worth - 1) : 0;
  const half = studentDeviate(worth - 1) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half };
}
