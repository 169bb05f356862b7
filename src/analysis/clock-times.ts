import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Window } from '../model/snapshot.ts';
import { sampledCallSites } from './call-sites.ts';
import type { ClockMix } from './clock-mix.ts';
import { isUnavailable } from './known.ts';
import { shareInterval } from './statistics.ts';
import { slotNotToldApart } from './tells-clocks-apart.ts';

/** Calls that CPU samples interrupted in the vDSO, where no breakpoint catches them. */
export interface InterruptedCalls {
  /** How many of a function and clock; of gettimeofday and the like with slot 0. */
  count(fn: EntryFunction, slot: ClockSlot): number;
  /** Clocks of clock_gettime that were seen so. */
  readonly slots: readonly ClockSlot[];
  /** What part of the time in the vDSO is a function's; undefined where no call was interrupted. */
  partOf(fn: EntryFunction): Interval | undefined;
  /** What part of a function's time in the vDSO is each clock's; undefined where none was told. */
  mixOf(fn: EntryFunction): ClockMix | undefined;
}

export function interruptedCalls(window: Pick<Window, 'first' | 'last'>): InterruptedCalls {
  const sampled = sampledCallSites(window);
  const sites = isUnavailable(sampled) || sampled.vdsoBy !== 'time' ? [] : sampled.sites;
  const counts = new Map<EntryFunction, Map<ClockSlot, number>>();
  for (const { side, fn, slot, samples } of sites) {
    if (side !== 'vdso') continue;
    const bySlot = counts.get(fn) ?? new Map<ClockSlot, number>();
    counts.set(fn, bySlot.set(slot, (bySlot.get(slot) ?? 0) + samples));
  }
  const all = [...counts.values()].reduce((sum, bySlot) => sum + sumOf(bySlot), 0);
  return {
    count: (fn, slot) => counts.get(fn)?.get(slot) ?? 0,
    slots: [...(counts.get('clock_gettime')?.keys() ?? [])].filter((slot) => slot !== slotNotToldApart),
    partOf: (fn) => (all === 0 ? undefined : partOf(sumOf(counts.get(fn)), all)),
    mixOf: (fn) => mixOf(counts.get(fn) ?? new Map()),
  };
}

/** A sample of which the clock is not told may be of any. */
function mixOf(bySlot: ReadonlyMap<ClockSlot, number>): ClockMix | undefined {
  const all = sumOf(bySlot);
  const told = all - (bySlot.get(slotNotToldApart) ?? 0);
  if (told === 0) return undefined;
  const limits = (share: number) => {
    const { low, high } = shareInterval(share, told);
    return { value: share, low: (low * told) / all, high: Math.min(1, (high * told + all - told) / all) };
  };
  const slots = [...bySlot].filter(([slot]) => slot !== slotNotToldApart);
  return {
    slots: new Map(slots.map(([slot, count]) => [slot, limits(count / told)])),
    unseen: limits(0),
    isOpen: false,
  };
}

function partOf(own: number, all: number): Interval {
  return own === all ? { value: 1, low: 1, high: 1 } : shareInterval(own / all, all);
}

function sumOf(bySlot: ReadonlyMap<ClockSlot, number> = new Map()): number {
  return [...bySlot.values()].reduce((sum, count) => sum + count, 0);
}
