import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { FastEvidence } from './fast-evidence.ts';
import { isUnavailable, orElse } from './known.ts';
import { fewSamples, type SampledTime } from './sampled-time.ts';
import { timeInFunction } from './time-in-function.ts';
import { callsInCoreShare } from './vdso-call-time.ts';
import { priceInVdso } from './vdso-price.ts';

/** Calls of one kind as CPU samples have them. */
export interface SampledCalls {
  readonly perSecond: Interval;
  readonly coreShare: Interval;
}

/** Undefined where CPU samples say nothing of them; of whose calls time was sampled may not be known either. */
export function callsBySamples(input: FastEvidence, fn: EntryFunction, slot: ClockSlot): SampledCalls | undefined {
  const { time } = input;
  if (isUnavailable(time)) return undefined;
  const timePart = input.interrupted.partOf(fn);
  const sampled = timePart === undefined ? timeInFunction(time, fn) : multiply(time.vdso, timePart);
  if (sampled === undefined) return undefined;
  const own = mayBeOfHits(input, fn) ? { ...sampled, low: 0 } : sampled;
  const threadCount = Math.max(1, Math.min(orElse(input.threads, 1), time.threads.size));
  if (fn !== 'clock_gettime') {
    const price = priceInVdso(input, fn, slot);
    return { perSecond: callsInCoreShare(own, price, threadCount, time.vdsoPart), coreShare: own };
  }
  const times = input.interrupted.mixOf(fn);
  if (times !== undefined) {
    const coreShare = multiply(own, times.slots.get(slot) ?? times.unseen);
    return {
      perSecond: callsInCoreShare(coreShare, priceInVdso(input, fn, slot), threadCount, time.vdsoPart),
      coreShare,
    };
  }
  const mix = input.mixOf(fn);
  if (mix === undefined) return own.value > 0 ? undefined : silent(own, priceInVdso(input, fn, slot));
  const parts = [...mix.slots].map(([each, part]) => ({ part, ns: priceInVdso(input, fn, each) }));
  const mean = (pick: keyof Interval) => parts.reduce((sum, { part, ns }) => sum + part.value * ns[pick], 0);
  const all = callsInCoreShare(
    own,
    { value: mean('value'), low: mean('low'), high: mean('high') },
    threadCount,
    time.vdsoPart,
  );
  const part = orAnyOfUnsampled(mix.slots.get(slot) ?? mix.unseen, time);
  const ns = priceInVdso(input, fn, slot).value / mean('value');
  return {
    perSecond: multiply(all, part),
    coreShare: multiply(own, { value: part.value * ns, low: part.low * ns, high: Math.min(1, part.high * ns) }),
  };
}

/**
 * A sample that falls due while a breakpoint is hit is taken on the way back, at the first instruction of the vDSO's function:
 * a few samples there may be of hits only, if there were any.
 */
export function mayBeOfHits({ time, slotsOf }: FastEvidence, fn: EntryFunction): boolean {
  return !isUnavailable(time) && time.vdsoSamples < fewSamples && slotsOf(fn).length > 0;
}

/** Whatever threads read that were not sampled, it may be this clock. */
function orAnyOfUnsampled(part: Interval, { unsampled, vdso }: SampledTime): Interval {
  const others = vdso.high > 0 ? Math.min(1, unsampled.high / vdso.high) : 0;
  return { ...part, high: part.high * (1 - others) + others };
}

/** No sample in it and no call caught: as many calls at most as the time allows in which there may have been one. */
function silent(own: Interval, ns: Interval): SampledCalls {
  return { perSecond: callsInCoreShare(own, ns, 1), coreShare: own };
}

function multiply(a: Interval, b: Interval): Interval {
  return { value: a.value * b.value, low: a.low * b.low, high: a.high * b.high };
}
