import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known, Unavailable } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { clockEntry, healthyVdsoServes, neverInVdso, slotName } from './clock-table.ts';
import { type CountedEntries, countOf } from './counted-entries.ts';
import { type EntryPrice, entryPrice } from './entry-price.ts';
import { functionService, healthyServesFunction } from './function-service.ts';
import { isUnavailable, known, mapKnown, orElse, unavailable } from './known.ts';
import type { Measurements } from './measurements.ts';
import { sampledHits } from './sampled-hits.ts';
import { scaleInterval } from './statistics.ts';
import { slotNotToldApart, tellsClocksApart } from './tells-clocks-apart.ts';
import { vdsoProbes } from './vdso-probes.ts';
import type { ServedClock } from './vdso-service.ts';
import { type Bounds, callRate, hitsOf, unbounded } from './witnessed-calls.ts';

/** Everything seen of one way to read a clock (or to ask for a CPU number or a resolution) in a window. */
export interface ClockRead {
  readonly fn: EntryFunction;
  /** Of clock_gettime; 0 for the others. */
  readonly slot: ClockSlot;
  /** 'MONOTONIC', 'gettimeofday()', 'time() by vsyscall' */
  readonly name: string;
  readonly entries: Known<number>;
  readonly perSecond: Known<number>;
  /** vDSO calls that were caught, or interrupted by a CPU sample where no breakpoint is hit. */
  readonly hits: Known<number>;
  /** What saw those calls. */
  readonly hitsBy: string;
  /** Of one kernel entry, unwatched. */
  readonly price: Known<EntryPrice>;
  /** Of its kernel entries. */
  readonly coreShare: Known<Interval>;
  /** vDSO calls a second that stay on the fast path, estimated, with 95 % limits. */
  readonly fastCalls: Known<Interval>;
  /** Part of one core that they take there. */
  readonly fastCoreShare: Known<Interval>;
  /** One sentence where breakpoints and CPU sampling contradict each other about them. */
  readonly disagreement?: string;
  /** Whether it tells a time: getcpu and clock_getres do not. */
  readonly tellsTime: boolean;
  /** Whether the vDSO of a healthy host serves it. */
  readonly healthyServes: boolean;
  /** Whether the vDSO of this host serves it, as our own process finds. */
  readonly served: Known<ServedClock>;
  /** vDSO calls a second, as far as they are bounded, whether they stay there or go on into the kernel. */
  readonly calls: Bounds;
  /** The part of them that stays on the fast path. */
  readonly fast: Bounds;
}

const tellingTime: ReadonlySet<EntryFunction> = new Set([
  'clock_gettime',
  'gettimeofday',
  'time',
  'vsyscall_gettimeofday',
  'vsyscall_time',
]);

export function describeRead(measured: Measurements, fn: EntryFunction, slot: ClockSlot): ClockRead {
  const { counted, prices } = measured;
  const entries = isUnavailable(counted) ? counted : entriesOf(counted, fn, slot);
  const perSecond = isUnavailable(counted) ? counted : mapKnown(entries, (count) => count / counted.seconds);
  const price = entryPrice(prices, fn, slot);
  const served =
    fn === 'clock_gettime' ? measured.service(slot) : functionService(measured, fastSibling(fn), nameOf(fn, slot));
  const hits = callsSeen(measured, fn, slot);
  const fastPart = fastPartOf(measured, served, fn, slot);
  return {
    fn,
    slot,
    name: nameOf(fn, slot),
    entries,
    perSecond,
    hits,
    hitsBy: measured.interrupted.count(fn, slot) > 0 ? vdsoProbes.cpuSamples : vdsoProbes.breakpoints,
    price,
    coreShare: coreShareOf(measured, fn, slot, perSecond, price),
    tellsTime: tellingTime.has(fn),
    healthyServes:
      fn === 'clock_gettime' ? healthyVdsoServes(clockEntry(slot)) : healthyServesFunction(measured.window, fn),
    served,
    calls: calls(measured, fn, slot),
    fast: narrowed(fastRate(measured, served, fn, slot), fastPart.fastCalls),
    ...fastPart,
  };
}

function entriesOf(counted: CountedEntries, fn: EntryFunction, slot: ClockSlot): Known<number> {
  if (fn !== 'clock_gettime') return countOf(counted, fn);
  if (slot === slotNotToldApart || tellsClocksApart(counted)) return countOf(counted, fn, slot);
  return unavailable('unsupported', 'perf counters do not tell the clocks that 32-bit code reads apart');
}

/** The same reading through the vDSO: what goes by the legacy page is a part of all reads by that function. */
function fastSibling(fn: EntryFunction): EntryFunction {
  return modern[fn] ?? fn;
}

const modern: { readonly [F in EntryFunction]?: EntryFunction } = {
  vsyscall_gettimeofday: 'gettimeofday',
  vsyscall_time: 'time',
  vsyscall_getcpu: 'getcpu',
};

/** Functions with a breakpoint on their vDSO entry: those that tell the time. */
const witnessable: ReadonlySet<EntryFunction> = new Set(['clock_gettime', 'gettimeofday', 'time']);
const notWitnessed = unavailable('unsupported', 'vDSO calls of this function are not witnessed');

/** Caught at a breakpoint or, where none is ever hit, interrupted by a CPU sample: none of those is not none at all. */
function callsSeen(measured: Measurements, fn: EntryFunction, slot: ClockSlot): Known<number> {
  const interrupted = measured.interrupted.count(fn, slot);
  if (interrupted > 0) return interrupted;
  if (!isWitnessed(measured, fn)) return notWitnessed;
  // Bursts show what they go on with where calls are counted to their end.
  const sampled = sampledHits(measured.window.fastCounts, fn, slot);
  return mapKnown(measured.witnessed, (all) => hitsOf(all.hits, fn, slot) + sampled);
}

/** getcpu too where a breakpoint was set on it. */
function isWitnessed({ window }: Measurements, fn: EntryFunction): boolean {
  return witnessable.has(fn) || window.fastWindows.some(({ functions }) => functions.some((one) => one.fn === fn));
}

type FastPart = Pick<ClockRead, 'fastCalls' | 'fastCoreShare' | 'disagreement'>;

const noFastPart: FastPart = {
  fastCalls: { value: 0, low: 0, high: 0 },
  fastCoreShare: { value: 0, low: 0, high: 0 },
};

/** Only what the vDSO serves stays there; where it hands a clock on, every call of it is a kernel entry. */
function fastPartOf(measured: Measurements, served: Known<ServedClock>, fn: EntryFunction, slot: ClockSlot): FastPart {
  const without = (reason: Unavailable): FastPart => ({ fastCalls: reason, fastCoreShare: reason });
  if (fn.startsWith('vsyscall_')) return without(noVdsoPath);
  if (lacksVdso(measured.window) || (fn === 'clock_gettime' && neverInVdso(clockEntry(slot)))) return noFastPart;
  if (isUnavailable(served)) return without(served);
  if (!served.served) return noFastPart;
  const { perSecond, coreShare, disagreement } = measured.fastPath.of(fn, slot);
  return { fastCalls: perSecond, fastCoreShare: coreShare, ...(disagreement !== undefined && { disagreement }) };
}

const noVdsoPath = unavailable('unsupported', 'a legacy vsyscall never comes to the vDSO');

/** A verdict asks for more than 95 %: the limits are set this much further out. */
const verdictSlack = 1.4;

function narrowed(bounds: Bounds, calls: Known<Interval>): Bounds {
  if (isUnavailable(calls)) return bounds;
  const { value, low, high } = calls;
  const further = {
    low: Math.max(0, value - verdictSlack * (value - low)),
    high: value + verdictSlack * (high - value),
  };
  const both = { low: Math.max(bounds.low, further.low), high: Math.min(bounds.high, further.high) };
  return both.low <= both.high ? both : bounds;
}

function nameOf(fn: EntryFunction, slot: ClockSlot): string {
  if (fn === 'clock_gettime') return slotName(slot);
  return fn.startsWith('vsyscall_') ? `${fn.slice('vsyscall_'.length)}() by vsyscall` : `${fn}()`;
}

/** No entry costs nothing, whatever its price. */
function coreShareOf(
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

/** Our own process has about a dozen threads; up to this many more the price measured there is the target's too. */
const likeOurThreads = 32;

/**
 * A process's CPU clock adds up all its threads at every read (kernel/time/posix-cpu-timers.c, thread_group_cputime):
 * measured on 6.18, 537 ns in a process of 1 or 12 threads, 1,223 of 100, 4,123 of 500. The target's price is then
 * higher than ours, and bounded only by all the CPU time it burns.
 */
export function growsWithThreads(slot: ClockSlot, threads: Known<number>): boolean {
  return (slot === 2 || slot === 32) && (isUnavailable(threads) || threads > likeOurThreads);
}

function calls({ witnessed, threads, window, mostCalls }: Measurements, fn: EntryFunction, slot: ClockSlot): Bounds {
  if (lacksVdso(window)) return none;
  if (isUnavailable(witnessed) || !witnessable.has(fastSibling(fn))) return unbounded;
  return callRate(witnessed, hitsOf(witnessed.hits, fastSibling(fn), slot), orElse(threads, undefined), mostCalls);
}

const none: Bounds = { low: 0, high: 0 };

/** A vDSO call is a fast read only where the vDSO serves the clock: elsewhere it goes on into the kernel. */
function fastRate(measured: Measurements, served: Known<ServedClock>, fn: EntryFunction, slot: ClockSlot): Bounds {
  if (fn === 'clock_gettime' && neverInVdso(clockEntry(slot))) return none;
  if (isUnavailable(served)) return { ...calls(measured, fn, slot), low: 0 };
  return served.served ? calls(measured, fn, slot) : none;
}

export function lacksVdso({ last }: Pick<Window, 'last'>): boolean {
  const mappings = known(last.target.mappings);
  return !isUnavailable(mappings) && !mappings.some(({ name }) => name === '[vdso]');
}
