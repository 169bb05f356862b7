import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Interval } from '../model/interval.ts';
import type { Known, Unavailable } from '../model/reading.ts';
import { clockEntry, neverInVdso } from './clock-table.ts';
import { isUnavailable, unavailable } from './known.ts';
import { lacksVdso } from './lacks-vdso.ts';
import { mayBeMissed } from './may-be-missed.ts';
import type { Measurements } from './measurements.ts';
import type { ServedClock } from './vdso-service.ts';

/** What is told of the vDSO calls of one way to read that stay on the fast path. */
export interface FastPart {
  /** vDSO calls a second that stay there, estimated, with 95 % limits. */
  readonly fastCalls: Known<Interval>;
  /** Part of one core that they take there. */
  readonly fastCoreShare: Known<Interval>;
  /** One sentence where breakpoints and CPU sampling contradict each other about them. */
  readonly disagreement?: string;
  /** vDSO calls were made of which no probe tells what they asked for, and these may be among them. */
  readonly mayBeMissed: boolean;
}

const noFastPart: FastPart = {
  fastCalls: { value: 0, low: 0, high: 0 },
  fastCoreShare: { value: 0, low: 0, high: 0 },
  mayBeMissed: false,
};

/** Only what the vDSO serves stays there; where it hands a clock on, every call of it is a kernel entry. */
export function fastPart(
  measured: Measurements,
  served: Known<ServedClock>,
  fn: EntryFunction,
  slot: ClockSlot,
): FastPart {
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
