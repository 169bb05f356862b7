import type { DifferenceVerdict, Interval } from '../../model.ts';
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

export function ratioInterval({ log, half }: LogRatio): Interval {
  return { value: Math.exp(log), low: Math.exp(log - half), high: Math.exp(log + half) };
}
