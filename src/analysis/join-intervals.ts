import type { Interval } from '../model/interval.ts';

/**
 * What two probes tell of one quantity: the narrower interval, bounded below by what the other is certain of; both together
 * where they exclude each other.
 */
export function joinIntervals(one: Interval, other: Interval): Interval {
  if (one.low > other.high || other.low > one.high)
    return {
      value: Math.sqrt(one.value * other.value) || Math.max(one.value, other.value),
      low: Math.min(one.low, other.low),
      high: Math.max(one.high, other.high),
    };
  const narrow = relativeWidth(one) <= relativeWidth(other) ? one : other;
  const wide = narrow === one ? other : one;
  // Neither is certain of any: yet one of them saw some.
  if (narrow.low === 0 && wide.low === 0)
    return { value: Math.min(Math.max(narrow.value, wide.value), narrow.high), low: 0, high: narrow.high };
  if (Number.isFinite(wide.high)) return narrow;
  // Windows that were cut short tell too little, if anything.
  const value = Math.min(Math.max(narrow.value, wide.value), narrow.high);
  return { value, low: Math.max(narrow.low, wide.low), high: narrow.high };
}

function relativeWidth({ low, high }: Interval): number {
  return Number.isFinite(high) ? (high > 0 ? (high - low) / (high + low) : 0) : Number.POSITIVE_INFINITY;
}
