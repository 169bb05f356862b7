import type { Interval } from '../model/interval.ts';
import { shareInterval } from './statistics.ts';

/** Samples of one moment are alike: so many of them are worth one that was drawn by itself, at least. */
const alike = 1.5;

/** 95 % limits of a share of so many samples, whose variance from one moment to the next is known. */
export function limitsOfShare(share: number, variance: number, samples: number): Interval {
  const drawn = variance > 0 ? (share * (1 - share)) / variance : Number.POSITIVE_INFINITY;
  return shareInterval(share, Math.min(drawn, samples / alike));
}

/** The same of all, of which only a part was looked at: the rest may be of the share or not. */
export function limitsOfAll({ low, high }: Pick<Interval, 'low' | 'high'>, looked: number) {
  return { low: low * looked, high: Math.min(1, high * looked + 1 - looked) };
}
