import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { PriceNs, TimedCall } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import { clockEntry } from './clock-table.ts';
import { unavailable } from './known.ts';
import type { Priced, Prices } from './prices.ts';

/** What one kernel entry of a kind costs while nobody watches. */
export interface EntryPrice {
  readonly ns: Interval;
  /** What was timed in its place where the entry itself was not: 'clock_gettime of REALTIME', 'a null syscall'. */
  readonly standIn?: string;
}

interface StandIn {
  readonly what: Priced;
  readonly name: string;
}

const nullSyscall: StandIn = { what: { call: 'null_syscall', path: 'syscall' }, name: 'a null syscall' };

/** Read by another name, or by an id that only the target has: priced by the nearest entry that could be timed. */
const functionStandIns: { readonly [F in EntryFunction]?: readonly StandIn[] } = {
  gettimeofday: [byClock(0)],
  time: [byClock(5)],
  getcpu: [nullSyscall],
  // Timed of one clock, asked of any.
  clock_getres: [{ what: { call: 'clock_getres', path: 'syscall' }, name: 'clock_getres of REALTIME' }, nullSyscall],
};

const timedCalls: { readonly [F in EntryFunction]?: TimedCall } = {
  gettimeofday: 'gettimeofday',
  time: 'time',
  getcpu: 'getcpu',
  vsyscall_gettimeofday: 'gettimeofday',
  vsyscall_time: 'time',
  vsyscall_getcpu: 'getcpu',
};

const slotStandIns: ReadonlyMap<ClockSlot, StandIn> = new Map([
  [8, byClock(0)],
  [9, byClock(7)],
  [32, byClock(2)],
  [33, byClock(3)],
]);

/** Per entry, in nanoseconds; unavailable where nothing that is like it was timed, or where its price has changed. */
export function entryPrice(prices: Prices, fn: EntryFunction, slot: ClockSlot): Known<EntryPrice> {
  if (hasMoved(prices, fn, slot))
    return unavailable('failed', 'its price has changed since it was measured', 'start vdsotop anew to price it again');
  const path = pathOf(fn, slot);
  const own = path && prices.unwatched(path);
  if (own !== undefined) return { ns: intervalOf(own) };
  const standIns = fn === 'clock_gettime' ? clockStandIns(slot) : (functionStandIns[fn] ?? []);
  const standIn = standIns.find(({ what }) => prices.unwatched(what) !== undefined);
  const stood = standIn && prices.unwatched(standIn.what);
  if (standIn === undefined || stood === undefined)
    return unavailable('absent', 'this kind of entry was not timed before the counters were attached');
  const floor = prices.unwatched(nullSyscall.what)?.p10 ?? stood.p10;
  return { ns: { ...intervalOf(stood), low: Math.min(floor, stood.p10) }, standIn: standIn.name };
}

function byClock(clockId: ClockSlot): StandIn {
  return {
    what: { call: 'clock_gettime', clockId, path: 'syscall' },
    name: `clock_gettime of ${clockEntry(clockId).name}`,
  };
}

/** A clock of a descriptor may ask a device: nothing that we can time is like it. */
function clockStandIns(slot: ClockSlot): readonly StandIn[] {
  const { kind } = clockEntry(slot);
  const alike = slotStandIns.get(slot);
  if (alike !== undefined) return [alike];
  return kind === 'unknown' || kind === 'reserved' ? [nullSyscall] : [];
}

function pathOf(fn: EntryFunction, slot: ClockSlot): Priced | undefined {
  if (fn === 'clock_gettime') return { call: 'clock_gettime', clockId: slot, path: 'syscall' };
  const call = timedCalls[fn];
  return call && { call, path: fn.startsWith('vsyscall') ? 'vsyscall' : 'syscall' };
}

function intervalOf({ p50, p10, p90 }: PriceNs): Interval {
  return { value: p50, low: p10, high: p90 };
}

/** A change of price that matters, and that noise does not make. */
const movedNs = 150;
const movedPart = 0.5;

/**
 * Whether reading the counter became dearer or cheaper since the unwatched prices were taken (another clocksource, a
 * paravirtual clock that lost its page). What watching adds is the same for every clock, so a coarse clock, which reads
 * no counter, is the control.
 */
function hasMoved(prices: Prices, fn: EntryFunction, slot: ClockSlot): boolean {
  const clock = fn === 'gettimeofday' ? 0 : fn === 'clock_gettime' ? slot : undefined;
  if (clock === undefined || clockEntry(clock).kind !== 'precise') return false;
  const change = changeOf(prices, clock);
  const control = changeOf(prices, 5);
  if (change === undefined || control === undefined) return false;
  return Math.abs(change.by - control.by) > Math.max(movedNs, movedPart * change.from);
}

function changeOf(prices: Prices, clockId: ClockSlot): { readonly by: number; readonly from: number } | undefined {
  const what: Priced = { call: 'clock_gettime', clockId, path: 'syscall' };
  const before = prices.unwatched(what);
  const now = prices.watched(what);
  if (before === undefined || now === undefined || now.batches < 3) return undefined;
  return { by: now.p10 - before.p10, from: before.p10 };
}
