import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Measurements } from './measurements.ts';

/** Whether calls were made of which nothing tells what they asked for, so that some may be of this kind. */
export function mayBeMissed({ callsNotTold, fastPath }: Measurements, fn: EntryFunction, slot: ClockSlot): boolean {
  return (fn === 'clock_gettime' && callsNotTold > 0) || fastPath.of(fn, slot).mayBeMissed;
}
