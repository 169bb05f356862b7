import type { Change } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable } from '../known.ts';
import { greatestHidden, leastChange } from './significance.ts';

/** A 95 % interval made as wide as four standard errors. */
const widening = 2;

/** Two estimates with their 95 % limits: changed where even wider ones do not meet. */
export function compareEstimates(before: Known<Interval>, after: Known<Interval>): Change<Interval> {
  if (isUnavailable(before) || isUnavailable(after))
    return { before, after, verdict: 'cannot-tell', reason: 'it is not known on both sides' };
  const [lower, upper] = before.value <= after.value ? [before, after] : [after, before];
  if (lower.high === 0 && upper.high === 0) return { before, after, verdict: 'same' };
  const apart = highest(lower) < lowest(upper) && upper.value > lower.value * (1 + leastChange);
  if (apart) return { before, after, verdict: 'changed' };
  const near = upper.high <= lower.low * greatestHidden;
  if (near) return { before, after, verdict: 'same' };
  return { before, after, verdict: 'cannot-tell', reason: 'the limits of the two estimates are too wide' };
}

function highest({ value, high }: Interval): number {
  return value + widening * (high - value);
}

function lowest({ value, low }: Interval): number {
  return value - widening * (value - low);
}
