import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Interval } from '../model/interval.ts';
import type { LookedAtTime } from './looked-at-time.ts';
import { poissonInterval } from './statistics.ts';
import { slotNotToldApart } from './tells-clocks-apart.ts';
import type { WindowRate } from './window-rates.ts';

/** The scheduler adds up at each tick, a thread may do more in its windows, and its CPU be faster than the one we priced on. */
const slack = 1.3;

/**
 * Threads that were met calling call no more often than the CPU time allows that they burn when nothing slows them; the
 * others as often as their silence allows.
 */
export function inRunTime(
  rate: WindowRate,
  call: { readonly fn: EntryFunction; readonly slot: ClockSlot },
  looked: LookedAtTime,
  price: Interval,
): WindowRate {
  const threads = [...looked.windows];
  const callers = threads.filter(([, own]) => own.some((window) => mayCall(window, call)));
  const cores = looked.coresOf(new Set(callers.map(([tid]) => tid)));
  if (cores === undefined || callers.length === 0) return rate;
  const ofSilent = threads
    .filter((thread) => !callers.includes(thread))
    .reduce((sum, [, own]) => sum + poissonInterval(0).high / secondsOf(own), 0);
  const high = Math.max(rate.low, Math.min(rate.high, (slack * cores * 1e9) / price.low + ofSilent));
  return { ...rate, value: Math.min(rate.value, high), high };
}

/** It met such a call, or calls of which it is not told what they ask for, or it did not see the calls to their end. */
function mayCall(
  { functions }: FastWindow,
  { fn, slot }: { readonly fn: EntryFunction; readonly slot: ClockSlot },
): boolean {
  return functions.some(({ fn: own, hits, sampled = [], usedUpAfterMs }) => {
    if (own !== fn || hits.length === 0) return false;
    const told = [...hits, ...sampled].map((hit) => hit.slot);
    const untold = told.includes(slotNotToldApart) && sampled.length === 0;
    return fn !== 'clock_gettime' || usedUpAfterMs !== undefined || untold || told.includes(slot);
  });
}

function secondsOf(windows: readonly FastWindow[]): number {
  return windows.reduce((sum, { armedMs }) => sum + armedMs / 1_000, 0);
}
