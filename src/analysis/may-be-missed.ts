import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Measurements } from './measurements.ts';

/**
 * Whether calls were made of which nothing tells what they asked for, so that some may be of this kind; or may have been where
 * or while no breakpoint was set on the function.
 */
export function mayBeMissed(measured: Measurements, fn: EntryFunction, slot: ClockSlot): boolean {
  const { callsNotTold, fastPath, howWitnessed } = measured;
  if (howWitnessed(fn) === 'partly') return true;
  return (fn === 'clock_gettime' && callsNotTold > 0) || fastPath.of(fn, slot).mayBeMissed;
}
