import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { callBounds } from './call-bounds.ts';
import { callsSeen } from './calls-seen.ts';
import { clockEntry, healthyVdsoServes, slotName } from './clock-table.ts';
import { type CountedEntries, countOf } from './counted-entries.ts';
import { entryCoreShare } from './entry-core-share.ts';
import { type EntryPrice, entryPrice } from './entry-price.ts';
import { type FastPart, fastPart } from './fast-part.ts';
import { fastSibling } from './fast-sibling.ts';
import { functionService, healthyServesFunction } from './function-service.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import type { Measurements } from './measurements.ts';
import { slotNotToldApart, tellsClocksApart } from './tells-clocks-apart.ts';
import { vdsoProbes } from './vdso-probes.ts';
import type { ServedClock } from './vdso-service.ts';
import type { Bounds } from './witnessed-calls.ts';

/** Everything seen of one way to read a clock (or to ask for a CPU number or a resolution) in a window. */
export interface ClockRead extends FastPart {
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
    coreShare: entryCoreShare(measured, fn, slot, perSecond, price),
    tellsTime: tellingTime.has(fn),
    healthyServes:
      fn === 'clock_gettime' ? healthyVdsoServes(clockEntry(slot)) : healthyServesFunction(measured.window, fn),
    served,
    ...callBounds(measured, served, fn, slot),
    ...fastPart(measured, served, fn, slot),
  };
}

function entriesOf(counted: CountedEntries, fn: EntryFunction, slot: ClockSlot): Known<number> {
  if (fn !== 'clock_gettime') return countOf(counted, fn);
  if (slot === slotNotToldApart || tellsClocksApart(counted)) return countOf(counted, fn, slot);
  return unavailable('unsupported', 'perf counters do not tell the clocks that 32-bit code reads apart');
}

function nameOf(fn: EntryFunction, slot: ClockSlot): string {
  if (fn === 'clock_gettime') return slotName(slot);
  return fn.startsWith('vsyscall_') ? `${fn.slice('vsyscall_'.length)}() by vsyscall` : `${fn}()`;
}
