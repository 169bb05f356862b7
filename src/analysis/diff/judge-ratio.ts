import type { DifferenceVerdict } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import { greatestHidden, leastChange } from './significance.ts';

/** The logarithm of after ÷ before and the half width of its limits. */
export interface LogRatio {
  readonly log: number;
  readonly half: number;
}

/** Changed: the limits leave out "no change"; same: they hold no change worth a word; else there is too much noise. */
export function judgeRatio({ log, half }: LogRatio): DifferenceVerdict {
  if (Math.abs(log) > half && Math.abs(log) >= Math.log1p(leastChange)) return 'changed';
  return Math.abs(log) + half <= Math.log(greatestHidden) ? 'same' : 'cannot-tell';
}

/** Limits further out than this say that nothing is known, and JSON has no infinity. */
const furthest = Math.log(1e6);

export function ratioInterval({ log, half }: LogRatio): Interval {
  const bound = (limit: number) => Math.exp(Math.min(Math.max(limit, log - furthest), log + furthest));
  return { value: Math.exp(log), low: bound(log - half), high: bound(log + half) };
}
