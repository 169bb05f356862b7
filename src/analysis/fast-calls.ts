import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { rateByBreakpoints } from './breakpoint-rates.ts';
import { earlyCores } from './early-cores.ts';
import { fastCoreShare } from './fast-core-share.ts';
import { type FastEvidence, type FastPathInput, noSlot } from './fast-evidence.ts';
import { inRunTime } from './in-run-time.ts';
import { isUnavailable, known, orElse, unavailable } from './known.ts';
import { lookedAtTime } from './looked-at-time.ts';
import { missedTime } from './missed-time.ts';
import { reconcile } from './reconcile-probes.ts';
import { remembering } from './remembering.ts';
import { callsBySamples, mayBeOfHits } from './sampled-calls.ts';
import { measureSampledTime, type SampledTime } from './sampled-time.ts';
import { sideBySide } from './side-by-side.ts';
import { clamp, scaleInterval } from './statistics.ts';
import { threadMixes } from './thread-mixes.ts';
import { lookedFor } from './time-in-function.ts';
import { withUnwatched } from './unwatched-threads.ts';
import { callsInCoreShare, coreShareOfCalls } from './vdso-call-time.ts';
import { priceInVdso } from './vdso-price.ts';

/** How many calls of one kind enter the vDSO, and what they take there. */
export interface FastCalls {
  /** Calls a second, with 95 % limits; whether they stay there is for the caller to say. */
  readonly perSecond: Known<Interval>;
  /** Part of one core spent in the vDSO. */
  readonly coreShare: Known<Interval>;
  /** Set where breakpoints and CPU sampling contradict each other: one sentence. The interval then holds both. */
  readonly disagreement?: string;
  /** Calls were made of which no probe tells what they asked for, and these may be among them: none seen is not none. */
  readonly mayBeMissed: boolean;
  /** By breakpoints alone, if the threads that no window looked at call as those do that windows looked at. */
  readonly ifAlike?: Interval;
}

/** What both probes tell of the vDSO in a window. */
export interface FastPath {
  readonly time: Known<SampledTime>;
  /** Threads that ended before breakpoints were set on them: of their calls only their CPU time is known. */
  readonly threadsNotLookedAt: number;
  /** Part of one core that the program burnt as it began, before they were set on it: the same holds of it. */
  readonly earlyCores: number;
  of(fn: EntryFunction, slot: ClockSlot): FastCalls;
}

export function estimateFastPath(input: FastPathInput): FastPath {
  const { window, cpuCores, threads, livedThreads } = input;
  const ended = isUnavailable(livedThreads) ? 0 : Math.max(0, livedThreads - orElse(threads, 0));
  const looked = lookedAtTime(window);
  const early = earlyCores(window, looked);
  const time = measureSampledTime(window, cpuCores, { cameAndWent: ended > 0, early });
  const slotsOf = remembering((fn: EntryFunction) => slotsMet(window, fn));
  const weights = isUnavailable(time) ? new Map<number, number>() : time.threads;
  const mixes = remembering((fn: EntryFunction) => threadMixes(window, fn, weights));
  const ratesOf = remembering((fn: EntryFunction) => rateByBreakpoints(window, fn, mixes(fn)));
  const rates = remembering((fn: EntryFunction, slot: ClockSlot) => {
    const rate = ratesOf(fn)(slot);
    return rate && inRunTime(sideBySide(rate, window.mostThreads), { fn, slot }, looked, priceInVdso(input, fn, slot));
  });
  const evidence: FastEvidence = {
    ...input,
    time,
    looked,
    early,
    slotsOf,
    mixOf: (fn) => mixes(fn).all,
    // Whatever was not caught at all is silent in the same way.
    rateOf: (fn, slot) => rates(fn, fn !== 'clock_gettime' || slotsOf(fn).includes(slot) ? slot : noSlot),
  };
  const missed = remembering((fn: EntryFunction) => missedTime(evidence, fn));
  const lookedAt = rates('clock_gettime', noSlot)?.tids.size ?? 0;
  return {
    time,
    threadsNotLookedAt: Math.min(ended, Math.max(0, orElse(livedThreads, 0) - lookedAt)),
    earlyCores: early,
    of: remembering((fn: EntryFunction, slot: ClockSlot) => estimate(evidence, fn, slot, missed(fn))),
  };
}

function slotsMet({ fastWindows, fastCounts }: Window, fn: EntryFunction): readonly ClockSlot[] {
  const own = [...fastWindows, ...fastCounts].flatMap(({ functions }) => functions.filter((one) => one.fn === fn));
  const slots = own.flatMap(({ hits, sampled = [] }) => [...hits, ...sampled].map(({ slot }) => slot));
  return [...new Set(fn === 'clock_gettime' ? slots : slots.map(() => 0))];
}

/** `missed`: time in the function, of calls of any clock that no window met. */
function estimate(input: FastEvidence, fn: EntryFunction, slot: ClockSlot, missed: Interval | undefined): FastCalls {
  const { window, mostCalls, threads, time } = input;
  if (!lookedFor.includes(fn)) return nothing(unavailable('unsupported', `vDSO calls of ${fn} are not looked for`));
  const price = priceInVdso(input, fn, slot);
  const caught = input.rateOf(fn, slot);
  const counted = caught && withUnwatched(caught, input, price);
  const sampled = callsBySamples(input, fn, slot);
  if (counted === undefined && sampled === undefined) return nothing(whyNot(window, time));
  const most = mostCalls ?? Number.POSITIVE_INFINITY;
  const agreed = reconcile(counted, sampled?.perSecond);
  const { low, high } = missed === undefined ? agreed.perSecond : opened(agreed.perSecond, counted, missed, price);
  // What nothing bounds is still better told by the calls than by samples that may be of hits.
  const byHits = caught !== undefined && caught.hits > 0 && mayBeOfHits(input, fn);
  const value = byHits ? (counted ?? caught).value : agreed.perSecond.value;
  const limits = { low, high: Math.min(high, Math.max(most, low)) };
  if (!Number.isFinite(limits.high))
    return nothing(
      unavailable('absent', 'breakpoints tell of vDSO calls, but nothing bounds how many there are'),
      true,
    );
  const perSecond = { value: clamp(value, limits), ...limits };
  const threadCount = Math.max(1, orElse(threads, 1));
  const byCalls = coreShareOfCalls(perSecond, price, threadCount);
  const vdsoSamples = isUnavailable(time) ? 0 : time.vdsoSamples;
  return {
    perSecond,
    coreShare: fastCoreShare({ byCalls, bySamples: sampled?.coreShare, vdsoSamples, missed }),
    ...(agreed.disagreement !== undefined && { disagreement: agreed.disagreement }),
    mayBeMissed: missed !== undefined || input.mixOf(fn)?.isOpen === true,
    ...(caught !== undefined && { ifAlike: scaleInterval(caught, Math.max(1, threadCount / caught.tids.size)) }),
  };
}

/** Calls that were missed may be of this kind, all of them. */
function opened(agreed: Interval, counted: Interval = agreed, missed: Interval, price: Interval) {
  const { high } = callsInCoreShare(missed, price, 1);
  return { low: Math.min(agreed.low, counted.low), high: Math.max(agreed.high, high) };
}

function nothing(reason: ReturnType<typeof unavailable>, mayBeMissed = false): FastCalls {
  return { perSecond: reason, coreShare: reason, mayBeMissed };
}

function whyNot({ last }: Window, time: Known<SampledTime>) {
  const witness = known(last.fastReads);
  if (isUnavailable(witness)) return witness;
  return isUnavailable(time) ? time : unavailable('absent', 'no breakpoint window has ended in this window yet');
}
