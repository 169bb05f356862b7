import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import { mapKnown, unavailable } from './known.ts';
import type { Measurements } from './measurements.ts';
import { sampledHits } from './sampled-hits.ts';
import { hitsOf } from './witnessed-calls.ts';

/** Functions with a breakpoint on their vDSO entry: those that tell the time. */
export const witnessable: ReadonlySet<EntryFunction> = new Set(['clock_gettime', 'gettimeofday', 'time']);
const notWitnessed = unavailable('unsupported', 'vDSO calls of this function are not witnessed');

/** Caught at a breakpoint or, where none is ever hit, interrupted by a CPU sample: none of those is not none at all. */
export function callsSeen(measured: Measurements, fn: EntryFunction, slot: ClockSlot): Known<number> {
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
