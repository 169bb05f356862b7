import { uptime } from 'node:os';
import type { TargetFacts } from '../../model/target.ts';
import { nsPerTick } from './ns-per-tick.ts';

/**
 * How long ago a process was forked, milliseconds; what it runs may have begun later, by exec. Infinity for one that is gone,
 * and 0 where it is not told.
 */
export function processAgeMs({ startTimeTicks }: Pick<TargetFacts, 'startTimeTicks'>): number {
  if ('unavailable' in startTimeTicks) return startTimeTicks.unavailable === 'absent' ? Number.POSITIVE_INFINITY : 0;
  return Math.max(0, uptime() * 1_000 - (startTimeTicks.value * nsPerTick()) / 1e6);
}
