import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { callsSeen } from './calls-seen.ts';
import { clockEntry, neverInVdso } from './clock-table.ts';
import { fastSibling } from './fast-sibling.ts';
import { witnessable } from './how-witnessed.ts';
import { isUnavailable, orElse } from './known.ts';
import { lacksVdso } from './lacks-vdso.ts';
import { mayBeMissed } from './may-be-missed.ts';
import type { Measurements } from './measurements.ts';
import type { ServedClock } from './vdso-service.ts';
import { type Bounds, callRate, unbounded, watchedEnough } from './witnessed-calls.ts';

/** What a verdict asks: how many vDSO calls there are at least and at most, and how many of them stay there. */
export interface CallBounds {
  readonly calls: Bounds;
  readonly fast: Bounds;
}

export function callBounds(
  measured: Measurements,
  served: Known<ServedClock>,
  fn: EntryFunction,
  slot: ClockSlot,
): CallBounds {
  const calls = boundsOf(measured, fastSibling(fn), slot);
  if (fn === 'clock_gettime' && neverInVdso(clockEntry(slot))) return { calls, fast: none };
  if (isUnavailable(served)) return { calls, fast: { ...calls, low: 0 } };
  return { calls, fast: served.served ? narrowed(measured, calls, fn, slot) : none };
}

const none: Bounds = { low: 0, high: 0 };

/**
 * The estimate tells bursts from single calls, and the threads that nobody looked at from those that were. Silence is judged
 * by all threads calling like the watched ones too, unless calls may have been missed.
 */
function boundsOf(measured: Measurements, fn: EntryFunction, slot: ClockSlot): Bounds {
  const { witnessed, window, mostCalls, howWitnessed } = measured;
  const threads = orElse(measured.threads, undefined);
  if (lacksVdso(window)) return none;
  if (isUnavailable(witnessed) || !witnessable.has(fn) || howWitnessed(fn) === 'never') return unbounded;
  const { perSecond, ifAlike } = measured.fastPath.of(fn, slot);
  const isMissed = mayBeMissed(measured, fn, slot);
  const hits = orElse(callsSeen(measured, fn, slot), 0);
  if (isUnavailable(perSecond)) return isMissed ? unbounded : callRate(witnessed, hits, threads, mostCalls);
  const { low, high } = widened(perSecond);
  if (isMissed) return { low, high };
  if (hits === 0) return { low, high: Math.max(low, Math.min(high, callRate(witnessed, 0, threads, mostCalls).high)) };
  const alike = ifAlike !== undefined && watchedEnough(witnessed, threads) ? widened(ifAlike).high : high;
  return { low, high: Math.max(low, Math.min(high, alike)) };
}

/** Where nobody could watch calls, CPU samples may bound them. */
function narrowed({ witnessed, fastPath }: Measurements, calls: Bounds, fn: EntryFunction, slot: ClockSlot): Bounds {
  const { perSecond } = fastPath.of(fn, slot);
  return isUnavailable(witnessed) && !isUnavailable(perSecond) && calls.high > 0 ? widened(perSecond) : calls;
}

/** A verdict asks for more than 95 %: the limits are set this much further out. */
const verdictSlack = 1.4;

function widened({ value, low, high }: Interval): Bounds {
  return { low: Math.max(0, value - verdictSlack * (value - low)), high: value + verdictSlack * (high - value) };
}
