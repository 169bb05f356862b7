import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { rateByBreakpoints } from './breakpoint-rates.ts';
import { type ClockMix, mixOfClocks } from './clock-mix.ts';
import type { InterruptedCalls } from './clock-times.ts';
import { hitPrices } from './hit-prices.ts';
import { isUnavailable, known, orElse, unavailable } from './known.ts';
import { reconcile } from './reconcile-probes.ts';
import { fewSamples, measureSampledTime, type SampledTime, symbolSamples, vdsoSamplesOf } from './sampled-time.ts';
import { sideBySide } from './side-by-side.ts';
import { clamp, shareInterval } from './statistics.ts';
import { callsInCoreShare, coreShareOfCalls } from './vdso-call-time.ts';
import { priceInVdso, type VdsoPrices } from './vdso-price.ts';
import type { WindowRate } from './window-rates.ts';

/** How many calls of one kind enter the vDSO, and what they take there. */
export interface FastCalls {
  /** Calls a second, with 95 % limits; whether they stay there is for the caller to say. */
  readonly perSecond: Known<Interval>;
  /** Part of one core spent in the vDSO. */
  readonly coreShare: Known<Interval>;
  /** Set where breakpoints and CPU sampling contradict each other: one sentence. The interval then holds both. */
  readonly disagreement?: string;
}

/** What both probes tell of the vDSO in a window. */
export interface FastPath {
  readonly time: Known<SampledTime>;
  of(fn: EntryFunction, slot: ClockSlot): FastCalls;
}

export interface FastPathInput extends VdsoPrices {
  readonly cpuCores: Known<number>;
  readonly threads: Known<number>;
  /** Calls a second that the target's CPU time allows at most. */
  readonly mostCalls: number | undefined;
  readonly interrupted: InterruptedCalls;
}

const symbolsOf: { readonly [F in EntryFunction]?: readonly string[] } = {
  clock_gettime: ['__vdso_clock_gettime', '__vdso_clock_gettime64', '__kernel_clock_gettime'],
  gettimeofday: ['__vdso_gettimeofday', '__kernel_gettimeofday'],
  time: ['__vdso_time', '__kernel_time'],
  getcpu: ['__vdso_getcpu', '__kernel_getcpu'],
};

export function estimateFastPath(input: FastPathInput): FastPath {
  const { window, cpuCores } = input;
  const time = measureSampledTime(window, cpuCores);
  const caught = new Set(
    [...window.fastWindows, ...window.fastCounts].flatMap(({ functions }) =>
      functions.flatMap(({ fn, hits, sampled = [] }) => [...hits, ...sampled].map(({ slot }) => `${fn} ${slot}`)),
    ),
  );
  const seen = { caught: window.fastWindows, counted: window.fastCounts, nsPerHit: hitPrices(window) };
  const mixes = remembering((fn: EntryFunction) =>
    mixOfClocks(seen, fn, isUnavailable(time) ? new Map() : time.threads),
  );
  const rates = remembering((fn: EntryFunction, slot: ClockSlot) => {
    const rate = rateByBreakpoints(window, fn, slot, mixes(fn));
    return rate && sideBySide(rate, window.mostThreads);
  });
  const evidence: FastEvidence = {
    ...input,
    time,
    mixOf: mixes,
    // Whatever was not caught at all is silent in the same way.
    rateOf: (fn, slot) => rates(fn, caught.has(`${fn} ${slot}`) ? slot : noSlot),
  };
  return { time, of: remembering((fn: EntryFunction, slot: ClockSlot) => estimate(evidence, fn, slot)) };
}

/** A clock of which no window can have caught a call. */
const noSlot: ClockSlot = -1;

/** What the probes tell, each question answered once. */
interface FastEvidence extends FastPathInput {
  readonly time: Known<SampledTime>;
  readonly mixOf: (fn: EntryFunction) => ClockMix | undefined;
  readonly rateOf: (fn: EntryFunction, slot: ClockSlot) => WindowRate | undefined;
}

function remembering<A extends readonly (string | number)[], T>(answer: (...asked: A) => T): (...asked: A) => T {
  const answers = new Map<string, T>();
  return (...asked) => {
    const key = asked.join(' ');
    const before = answers.get(key);
    if (before !== undefined || answers.has(key)) return before as T;
    const now = answer(...asked);
    answers.set(key, now);
    return now;
  };
}

/** By one of the probes. */
interface Estimate {
  readonly perSecond: Interval;
  readonly coreShare: Interval;
}

function estimate(input: FastEvidence, fn: EntryFunction, slot: ClockSlot): FastCalls {
  const { window, mostCalls, threads, time } = input;
  if (symbolsOf[fn] === undefined) return nothing(unavailable('unsupported', `vDSO calls of ${fn} are not looked for`));
  const price = priceInVdso(input, fn, slot);
  const caught = input.rateOf(fn, slot);
  const counted = caught && withUnwatched(caught, input, price);
  const sampled = bySamples(input, fn, slot);
  if (counted === undefined && sampled === undefined) return nothing(whyNot(window, time));
  const most = mostCalls ?? Number.POSITIVE_INFINITY;
  const agreed = reconcile(counted, sampled?.perSecond);
  const { low } = agreed.perSecond;
  // What nothing bounds is still better told by the calls than by samples that may be of hits.
  const byHits = caught !== undefined && caught.hits > 0 && mayBeOfHits(input, fn, slot);
  const value = byHits ? caught.value : agreed.perSecond.value;
  const perSecond = {
    value,
    low,
    high: Math.min(agreed.perSecond.high, Math.max(most, agreed.perSecond.low)),
  };
  if (!Number.isFinite(perSecond.high))
    return nothing(unavailable('absent', 'breakpoints tell of vDSO calls, but nothing bounds how many there are'));
  const threadCount = Math.max(1, orElse(threads, 1));
  const byCalls = coreShareOfCalls(perSecond, price, threadCount);
  const coreShare =
    sampled === undefined || isUnavailable(time) ? byCalls : shareOf(sampled.coreShare, byCalls, time.vdsoSamples);
  return {
    perSecond: { ...perSecond, value: clamp(perSecond.value, perSecond) },
    coreShare,
    ...(agreed.disagreement !== undefined && { disagreement: agreed.disagreement }),
  };
}

/**
 * Samples tell the time itself, calls only how long they take elsewhere: but fewer than `fewSamples` in [vdso] tell little, and
 * none is not no time in it. Both are limits; where they exclude each other, the samples stand.
 */
function shareOf(sampled: Interval, byCalls: Interval, samples: number): Interval {
  const low = Math.max(sampled.low, byCalls.low);
  const high = Math.min(sampled.high, byCalls.high);
  if (low > high) return sampled;
  const value = samples >= fewSamples && sampled.value > 0 ? sampled.value : byCalls.value;
  return { value: clamp(value, { low, high }), low, high };
}

function nothing(reason: ReturnType<typeof unavailable>): FastCalls {
  return { perSecond: reason, coreShare: reason };
}

function whyNot({ last }: Window, time: Known<SampledTime>) {
  const witness = known(last.fastReads);
  if (isUnavailable(witness)) return witness;
  return isUnavailable(time) ? time : unavailable('absent', 'no breakpoint window has ended in this window yet');
}

// --- By breakpoints -------------------------------------------------------------------------------------------------

/** Threads that no window looked at call as their samples in [vdso] say, or at most as all the CPU time allows. */
function withUnwatched(caught: WindowRate, input: FastEvidence, price: Interval): Interval {
  const { threads, mostCalls, time } = input;
  if (!isUnavailable(threads) && caught.tids.size >= threads) return caught;
  const samples = vdsoSamplesOf(time);
  const all = [...samples.values()].reduce((sum, count) => sum + count, 0);
  const own = [...samples].filter(([tid]) => caught.tids.has(tid)).reduce((sum, [, count]) => sum + count, 0);
  if (isUnavailable(time)) return { ...caught, high: Math.max(caught.high, mostCalls ?? Number.POSITIVE_INFINITY) };
  const others = all === 0 ? 0 : 1 - own / all;
  const most = (shareInterval(others, Math.max(1, all)).high * time.vdso.high * 1e9) / price.low;
  const more = own > 0 ? (caught.value * others) / (1 - others) : 0;
  return { value: caught.value + Math.min(more, most), low: caught.low, high: caught.high + most };
}

// --- By CPU samples -------------------------------------------------------------------------------------------------

function bySamples(input: FastEvidence, fn: EntryFunction, slot: ClockSlot): Estimate | undefined {
  const { time } = input;
  if (isUnavailable(time)) return undefined;
  const timePart = input.interrupted.partOf(fn);
  const sampled = timePart === undefined ? ofFunction(time, fn) : multiply(time.vdso, timePart);
  if (sampled === undefined) return undefined;
  const own = mayBeOfHits(input, fn, slot) ? { ...sampled, low: 0 } : sampled;
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
  const part = mix.slots.get(slot) ?? mix.unseen;
  const ns = priceInVdso(input, fn, slot).value / mean('value');
  return {
    perSecond: multiply(all, part),
    coreShare: multiply(own, { value: part.value * ns, low: part.low * ns, high: Math.min(1, part.high * ns) }),
  };
}

/**
 * A sample that falls due while a breakpoint is hit is taken on the way back, at the first instruction of the vDSO's function:
 * a few samples there may be of hits only.
 */
function mayBeOfHits({ time, rateOf }: FastEvidence, fn: EntryFunction, slot: ClockSlot): boolean {
  return !isUnavailable(time) && time.vdsoSamples < fewSamples && rateOf(fn, slot) !== undefined;
}

/** No sample in it and no call caught: as many calls at most as the time allows in which there may have been one. */
function silent(own: Interval, ns: Interval): Estimate {
  return { perSecond: callsInCoreShare(own, ns, 1), coreShare: own };
}

/** The part of the time in [vdso] that lies in a function; samples outside of any known one may be of each. */
function ofFunction(time: SampledTime, fn: EntryFunction): Interval | undefined {
  const all = time.vdsoSamples;
  if (all === 0) return { ...time.vdso, value: 0, low: 0 };
  const own = symbolSamples(time, symbolsOf[fn] ?? []);
  const loose = symbolSamples(time, ['[vdso]']);
  if (loose === all) return undefined;
  if (own === all) return time.vdso;
  const share = shareInterval(own / all, all);
  // What lies outside (reading a pvclock, say) is called by the others: each is taken to have its part of it.
  return multiply(time.vdso, { ...share, value: own / (all - loose), high: Math.min(1, share.high + loose / all) });
}

function multiply(a: Interval, b: Interval): Interval {
  return { value: a.value * b.value, low: a.low * b.low, high: a.high * b.high };
}
