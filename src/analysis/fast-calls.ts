import type { ClockSlot, EntryFunction, Interval, Known, PriceNs, Window } from '../model.ts';
import { mixOfClocks } from './clock-mix.ts';
import { isUnavailable, known, orElse, unavailable } from './known.ts';
import { currentPrice, type Prices } from './prices.ts';
import { measureSampledTime, type SampledTime, symbolSamples, vdsoSamplesOf } from './sampled-time.ts';
import { shareInterval } from './statistics.ts';
import { callsInCoreShare, coreShareOfCalls } from './vdso-call-time.ts';
import type { VdsoService } from './vdso-service.ts';
import { rateOfWindows, type WindowRate } from './window-rates.ts';

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

export interface FastPathInput {
  readonly window: Window;
  readonly prices: Prices;
  readonly service: VdsoService;
  readonly cpuCores: Known<number>;
  readonly threads: Known<number>;
  /** Calls a second that the target's CPU time allows at most. */
  readonly mostCalls: number | undefined;
}

const symbolsOf: { readonly [F in EntryFunction]?: readonly string[] } = {
  clock_gettime: ['__vdso_clock_gettime', '__vdso_clock_gettime64', '__kernel_clock_gettime'],
  gettimeofday: ['__vdso_gettimeofday', '__kernel_gettimeofday'],
  time: ['__vdso_time'],
  getcpu: ['__vdso_getcpu'],
};

/** A call that the vDSO hands on stays there only for some nanoseconds. */
const handedOnNs: Interval = { value: 5, low: 2, high: 10 };
/** Priced in a 64-bit process of our own, outside of any time namespace. */
const otherWordSize = { low: 0.8, high: 2 };
const otherNamespace = { low: 1, high: 1.4 };
const defaultHitNs = 10_000;

export function estimateFastPath(input: FastPathInput): FastPath {
  const { window } = input;
  const time = measureSampledTime(window, input.cpuCores);
  const answers = new Map<string, FastCalls>();
  return {
    time,
    of(fn, slot) {
      const key = `${fn} ${slot}`;
      const answer = answers.get(key) ?? estimate(input, time, fn, slot);
      answers.set(key, answer);
      return answer;
    },
  };
}

/** By one of the probes. */
interface Estimate {
  readonly perSecond: Interval;
  readonly coreShare: Interval;
}

function estimate(input: FastPathInput, time: Known<SampledTime>, fn: EntryFunction, slot: ClockSlot): FastCalls {
  const { window, mostCalls, threads } = input;
  if (symbolsOf[fn] === undefined) return nothing(unavailable('unsupported', `vDSO calls of ${fn} are not looked for`));
  const price = priceIn(input, fn, slot);
  const nsPerHit = orElse(known(window.last.cost.nsPerBreakpointHit), defaultHitNs);
  const caught = rateOfWindows(window.fastWindows, fn, slot, nsPerHit);
  const counted = caught && withUnwatched(caught, input, time, price);
  const sampled = bySamples(input, time, fn, slot);
  if (counted === undefined && sampled === undefined) return nothing(whyNot(window, time));
  const most = mostCalls ?? Number.POSITIVE_INFINITY;
  const agreed = reconcile(counted, sampled?.perSecond);
  const perSecond = {
    ...agreed.perSecond,
    high: Math.min(agreed.perSecond.high, Math.max(most, agreed.perSecond.low)),
  };
  if (!Number.isFinite(perSecond.high))
    return nothing(unavailable('absent', 'breakpoints tell of vDSO calls, but nothing bounds how many there are'));
  const threadCount = Math.max(1, orElse(threads, 1));
  const coreShare = sampled?.coreShare ?? coreShareOfCalls(perSecond, price, threadCount);
  return {
    perSecond: { ...perSecond, value: clamp(perSecond.value, perSecond) },
    coreShare,
    ...(agreed.disagreement !== undefined && { disagreement: agreed.disagreement }),
  };
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
function withUnwatched(caught: WindowRate, input: FastPathInput, time: Known<SampledTime>, price: Interval): Interval {
  const { threads, mostCalls } = input;
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

function bySamples(
  { window, threads, ...input }: FastPathInput,
  time: Known<SampledTime>,
  fn: EntryFunction,
  slot: ClockSlot,
): Estimate | undefined {
  if (isUnavailable(time)) return undefined;
  const own = ofFunction(time, fn);
  if (own === undefined) return undefined;
  const threadCount = Math.max(1, Math.min(orElse(threads, 1), time.threads.size));
  if (fn !== 'clock_gettime') {
    const price = priceIn({ window, threads, ...input }, fn, slot);
    return { perSecond: callsInCoreShare(own, price, threadCount), coreShare: own };
  }
  const mix = mixOfClocks(window.fastWindows, fn, time.threads);
  if (mix === undefined)
    return own.value > 0 ? undefined : silent(own, priceIn({ window, threads, ...input }, fn, slot));
  const parts = [...mix.slots].map(([each, part]) => ({ part, ns: priceIn({ window, threads, ...input }, fn, each) }));
  const mean = (pick: keyof Interval) => parts.reduce((sum, { part, ns }) => sum + part.value * ns[pick], 0);
  const all = callsInCoreShare(own, { value: mean('value'), low: mean('low'), high: mean('high') }, threadCount);
  const part = mix.slots.get(slot) ?? mix.unseen;
  const ns = priceIn({ window, threads, ...input }, fn, slot).value / mean('value');
  return {
    perSecond: multiply(all, part),
    coreShare: multiply(own, { value: part.value * ns, low: part.low * ns, high: Math.min(1, part.high * ns) }),
  };
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
  return multiply(time.vdso, { ...share, high: Math.min(1, share.high + loose / all) });
}

function multiply(a: Interval, b: Interval): Interval {
  return { value: a.value * b.value, low: a.low * b.low, high: a.high * b.high };
}

/** What a call takes in a loop of nothing else, nanoseconds; of a clock that the vDSO hands on, its part there. */
function priceIn(
  { prices, service, window }: Omit<FastPathInput, 'mostCalls' | 'cpuCores'>,
  fn: EntryFunction,
  slot: ClockSlot,
): Interval {
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

// --- Both -----------------------------------------------------------------------------------------------------------

interface Agreed {
  readonly perSecond: Interval;
  readonly disagreement?: string;
}

/** Two intervals of 95 % may miss each other by a little without a contradiction. */
const clearlyApart = 1.3;

/** The narrower of both; bounded below by what was caught; both together, and said so, where they exclude each other. */
function reconcile(counted: Interval | undefined, sampled: Interval | undefined): Agreed {
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
  const low = Number.isFinite(wide.high) ? narrow.low : Math.max(narrow.low, wide.low);
  return { perSecond: { ...narrow, low } };
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

function clamp(value: number, { low, high }: Interval): number {
  return Math.min(Math.max(value, low), high);
}
