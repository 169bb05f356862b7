import type { Interval } from '../model/interval.ts';

/** What both probes tell together. */
export interface Agreed {
  readonly perSecond: Interval;
  readonly disagreement?: string;
}

/** Two intervals of 95 % may miss each other by a little without a contradiction. */
const clearlyApart = 1.3;

/** The narrower of both; bounded below by what was caught; both together, and said so, where they exclude each other. */
export function reconcile(counted: Interval | undefined, sampled: Interval | undefined): Agreed {
  const [one, other] = [counted ?? sampled, sampled ?? counted];
  if (one === undefined || other === undefined)
    return { perSecond: { value: 0, low: 0, high: Number.POSITIVE_INFINITY } };
  if (one.low > other.high || other.low > one.high) {
    const apart = Math.max(one.low / other.high, other.low / one.high) > clearlyApart;
    const both = {
      value: Math.sqrt(one.value * other.value) || Math.max(one.value, other.value),
      low: Math.min(one.low, other.low),
      high: Math.max(one.high, other.high),
    };
    if (!apart) return { perSecond: both };
    return {
      perSecond: both,
      disagreement: `breakpoints tell of ${perSecond(one)} and CPU samples of ${perSecond(other)} calls a second`,
    };
  }
  const narrow = relativeWidth(one) <= relativeWidth(other) ? one : other;
  const wide = narrow === one ? other : one;
  if (Number.isFinite(wide.high)) return { perSecond: narrow };
  // Windows that were cut short tell too little, if anything.
  const value = Math.min(Math.max(narrow.value, wide.value), narrow.high);
  return { perSecond: { value, low: Math.max(narrow.low, wide.low), high: narrow.high } };
}

function perSecond({ low, high }: Interval): string {
  return Number.isFinite(high) ? `${round(low)} to ${round(high)}` : `${round(low)} or more`;
}

function round(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 2 });
}

function relativeWidth({ low, high }: Interval): number {
  return Number.isFinite(high) ? (high > 0 ? (high - low) / (high + low) : 0) : Number.POSITIVE_INFINITY;
}
