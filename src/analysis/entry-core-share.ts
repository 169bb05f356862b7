import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { EntryPrice } from './entry-price.ts';
import { growsWithThreads } from './grows-with-threads.ts';
import { isUnavailable, orElse } from './known.ts';
import type { Measurements } from './measurements.ts';
import { scaleInterval } from './statistics.ts';

/** Part of one core that kernel entries cost at this price; none costs nothing, whatever its price. */
export function entryCoreShare(
  { threads, cpuCores }: Measurements,
  fn: EntryFunction,
  slot: ClockSlot,
  perSecond: Known<number>,
  price: Known<EntryPrice>,
): Known<Interval> {
  if (isUnavailable(perSecond)) return perSecond;
  if (perSecond === 0) return { value: 0, low: 0, high: 0 };
  if (isUnavailable(price)) return price;
  const share = scaleInterval(price.ns, perSecond / 1e9);
  if (fn !== 'clock_gettime' || !growsWithThreads(slot, threads)) return share;
  return { ...share, high: Math.max(share.high, orElse(cpuCores, share.high)) };
}
