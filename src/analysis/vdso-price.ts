import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { PriceNs } from '../model/prices.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';
import { currentPrice, type Prices } from './prices.ts';
import type { VdsoService } from './vdso-service.ts';

/** What is known of the times of calls in a window. */
export interface VdsoPrices {
  readonly window: Window;
  readonly prices: Prices;
  readonly service: VdsoService;
}

/** A call that the vDSO hands on stays there only for some nanoseconds. */
const handedOnNs: Interval = { value: 5, low: 2, high: 10 };
/** Priced in a 64-bit process of our own, outside of any time namespace. */
const otherWordSize = { low: 0.8, high: 2 };
const otherNamespace = { low: 1, high: 1.4 };

/** What a call takes in a loop of nothing else, nanoseconds; of a clock that the vDSO hands on, its part there. */
export function priceInVdso({ prices, service, window }: VdsoPrices, fn: EntryFunction, slot: ClockSlot): Interval {
  const isClock = fn === 'clock_gettime';
  const served = isClock ? service(slot) : undefined;
  if (served !== undefined && !isUnavailable(served) && !served.served) return handedOnNs;
  const timed = isClock
    ? currentPrice(prices, { call: 'clock_gettime', clockId: slot, path: 'vdso' })
    : currentPrice(prices, { call: fn === 'time' || fn === 'getcpu' ? fn : 'gettimeofday', path: 'vdso' });
  return widened(timed === undefined ? unknownNs : intervalOf(timed), window);
}

/** Of a call that was not timed: from a coarse clock's to a slow counter's. */
const unknownNs: Interval = { value: 25, low: 3, high: 100 };

function intervalOf({ p50, p10, p90 }: PriceNs): Interval {
  return { value: p50, low: p10, high: p90 };
}

function widened(ns: Interval, { last }: Window): Interval {
  const wordSize = known(last.target.bits) === 64 ? { low: 1, high: 1 } : otherWordSize;
  const namespace = known(last.target.otherTimeNamespace) === true ? otherNamespace : { low: 1, high: 1 };
  return { value: ns.value, low: ns.low * wordSize.low, high: ns.high * wordSize.high * namespace.high };
}
