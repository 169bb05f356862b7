import type { EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import { type FastEvidence, noSlot } from './fast-evidence.ts';
import { isUnavailable, orElse } from './known.ts';
import { clearlyApart } from './reconcile-probes.ts';
import { mayBeOfHits } from './sampled-calls.ts';
import { lookedFor, timeInFunction } from './time-in-function.ts';
import { withUnwatched } from './unwatched-threads.ts';
import { coreShareOfCalls } from './vdso-call-time.ts';
import { priceInVdso } from './vdso-price.ts';

/**
 * Time in a function of calls that no window met: all of it where windows met none, or where it is more than the calls they
 * tell of can have taken. Undefined where those account for it. Whose calls it was spent in is then not known.
 */
export function missedTime(input: FastEvidence, fn: EntryFunction): Interval | undefined {
  const { time, interrupted, rateOf, slotsOf } = input;
  if (isUnavailable(time) || interrupted.partOf(fn) !== undefined || rateOf(fn, slotsOf(fn)[0] ?? noSlot) === undefined)
    return undefined;
  const own = timeInFunction(time, fn);
  const { value, low } = own ?? time.vdso;
  if (value === 0) return undefined;
  // Outside of all functions it may be of each.
  const functions = own === undefined ? lookedFor : [fn];
  const metNone = functions.every((each) => slotsOf(each).length === 0);
  const least = functions.some((each) => mayBeOfHits(input, each)) ? 0 : low;
  const most = functions.reduce((sum, each) => sum + mostTime(input, each), 0);
  return metNone || least > clearlyApart * most ? (own ?? time.vdso) : undefined;
}

/** Part of one core that the calls may take which windows tell of; nothing of a function on which no breakpoint was set. */
function mostTime(input: FastEvidence, fn: EntryFunction): number {
  const threads = Math.max(1, orElse(input.threads, 1));
  const slots = fn === 'clock_gettime' ? [...input.slotsOf(fn), noSlot] : [0];
  return slots.reduce((sum, slot) => {
    const rate = input.rateOf(fn, slot);
    const price = priceInVdso(input, fn, slot);
    return rate === undefined ? sum : sum + coreShareOfCalls(withUnwatched(rate, input, price), price, threads).high;
  }, 0);
}
