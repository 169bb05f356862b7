import type { Interval } from '../model/interval.ts';
import { joinIntervals } from './join-intervals.ts';

/** What both probes tell together. */
export interface Agreed {
  readonly perSecond: Interval;
  readonly disagreement?: string;
}

/** Two intervals of 95 % may miss each other by a little without a contradiction. */
export const clearlyApart = 1.3;

/** As joinIntervals has it, and said so where breakpoints and CPU samples exclude each other. */
export function reconcile(counted: Interval | undefined, sampled: Interval | undefined): Agreed {
  const [one, other] = [counted ?? sampled, sampled ?? counted];
  if (one === undefined || other === undefined)
    return { perSecond: { value: 0, low: 0, high: Number.POSITIVE_INFINITY } };
  const joined = joinIntervals(one, other);
  const { low, value, high } = joined;
  const apart = Math.max(one.low / other.high, other.low / one.high) > clearlyApart;
  return {
    perSecond: { value, low, high },
    ...(apart && {
      disagreement: `breakpoints tell of ${perSecond(one)} and CPU samples of ${perSecond(other)} calls a second`,
    }),
  };
}

function perSecond({ low, high }: Interval): string {
  return Number.isFinite(high) ? `${round(low)} to ${round(high)}` : `${round(low)} or more`;
}

function round(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 2 });
}
