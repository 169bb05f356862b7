import type { Interval } from '../model/interval.ts';
import { clamp } from './statistics.ts';

/** An interval whose ends lie further apart than this, as a ratio, tells of one of them, and of the other next to nothing. */
const loose = 30;

/**
 * What two probes tell of one quantity: the narrower interval, and where the other is so wide that it bounds one end only,
 * that end too; both together where they exclude each other.
 */
export function joinIntervals(one: Interval, other: Interval): Interval {
  if (one.low > other.high || other.low > one.high)
    return {
      value: Math.sqrt(one.value * other.value) || Math.max(one.value, other.value),
      low: Math.min(one.low, other.low),
      high: Math.max(one.high, other.high),
    };
  const [narrow, wide] = ratioOf(one) <= ratioOf(other) ? [one, other] : [other, one];
  if (ratioOf(wide) <= loose) return narrow;
  const limits = { low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) };
  // Windows that were cut short tell too little, if anything; and one that tells of none where the other saw some.
  const isBetter = ratioOf(narrow) <= loose && Number.isFinite(wide.high);
  const value = isBetter ? narrow.value : Math.max(narrow.value, wide.value);
  return { value: clamp(value, limits), ...limits };
}

/** Of none to none there is nothing to be told more closely. */
function ratioOf({ low, high }: Interval): number {
  if (high === 0) return 1;
  return low > 0 ? high / low : Number.POSITIVE_INFINITY;
}
