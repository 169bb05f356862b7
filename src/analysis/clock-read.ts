import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known, Unavailable } from '../model/reading.ts';
import { callBounds } from './call-bounds.ts';
import { callsSeen } from './calls-seen.ts';
import { clockEntry, healthyVdsoServes, neverInVdso, slotName } from './clock-table.ts';
import { type CountedEntries, countOf } from './counted-entries.ts';
import { type EntryPrice, entryPrice } from './entry-price.ts';
import { fastSibling } from './fast-sibling.ts';
import { functionService, healthyServesFunction } from './function-service.ts';
import { isUnavailable, mapKnown, orElse, unavailable } from './known.ts';
import { lacksVdso } from './lacks-vdso.ts';
import { mayBeMissed } from './may-be-missed.ts';
import type { Measurements } from './measurements.ts';
import { scaleInterval } from './statistics.ts';
import { slotNotToldApart, tellsClocksApart } from './tells-clocks-apart.ts';
import { vdsoProbes } from './vdso-probes.ts';
import type { ServedClock } from './vdso-service.ts';
import type { Bounds } from './witnessed-calls.ts';

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
  /** vDSO calls were made of which no probe tells what they asked for, and these may be among them. */
  readonly mayBeMissed: boolean;
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
    ...callBounds(measured, served, fn, slot),
    ...fastPartOf(measured, served, fn, slot),
  };
}

function entriesOf(counted: CountedEntries, fn: EntryFunction, slot: ClockSlot): Known<number> {
  if (fn !== 'clock_gettime') return countOf(counted, fn);
  if (slot === slotNotToldApart || tellsClocksApart(counted)) return countOf(counted, fn, slot);
  return unavailable('unsupported', 'perf counters do not tell the clocks that 32-bit code reads apart');
}

type FastPart = Pick<ClockRead, 'fastCalls' | 'fastCoreShare' | 'disagreement' | 'mayBeMissed'>;

const noFastPart: FastPart = {
  fastCalls: { value: 0, low: 0, high: 0 },
  fastCoreShare: { value: 0, low: 0, high: 0 },
  mayBeMissed: false,
};

/** Only what the vDSO serves stays there; where it hands a clock on, every call of it is a kernel entry. */
function fastPartOf(measured: Measurements, served: Known<ServedClock>, fn: EntryFunction, slot: ClockSlot): FastPart {
  const without = (reason: Unavailable, isMissed = false): FastPart => ({
    fastCalls: reason,
    fastCoreShare: reason,
    mayBeMissed: isMissed,
  });
  if (fn.startsWith('vsyscall_')) return without(noVdsoPath);
  if (lacksVdso(measured.window) || (fn === 'clock_gettime' && neverInVdso(clockEntry(slot)))) return noFastPart;
  const { perSecond, coreShare, disagreement } = measured.fastPath.of(fn, slot);
  const isMissed = mayBeMissed(measured, fn, slot);
  if (isUnavailable(served)) return without(served, isMissed);
  if (!served.served) return noFastPart;
  const told = disagreement !== undefined && { disagreement };
  return { fastCalls: perSecond, fastCoreShare: coreShare, mayBeMissed: isMissed, ...told };
}

const noVdsoPath = unavailable('unsupported', 'a legacy vsyscall never comes to the vDSO');

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
