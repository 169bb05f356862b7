import type { Reading, Unavailable } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { endedTooSoon } from './ended-too-soon.ts';

/**
 * The last snapshot of a target that has ended. What would have been read with time ('… yet'), and what of a dying process is
 * empty or not there, is told as what it is: the same for all, and so once.
 */
export function asOfEnded(snapshot: Snapshot): Snapshot {
  const { fastReads, callSites, cpuSamples, activity, cost } = snapshot;
  const neverWatched = isOfEnd(fastReads);
  return {
    ...snapshot,
    host: ofEnded(snapshot.host),
    target: ofEnded(snapshot.target),
    ...ofEnded({ fastReads, callSites, cpuSamples, activity }),
    cost: {
      ...ofEnded(cost),
      // No breakpoint was set, so none was priced.
      ...(neverWatched && 'unavailable' in cost.nsPerBreakpointHit && { nsPerBreakpointHit: endedTooSoon }),
    },
  };
}

function ofEnded<T extends object>(readings: T): T {
  const ended = Object.entries(readings).filter(([, reading]) => isOfEnd(reading));
  return ended.length === 0
    ? readings
    : { ...readings, ...Object.fromEntries(ended.map(([name]) => [name, endedTooSoon])) };
}

/** How collectors say that it is too early, or that of a process nothing is left. */
const endings: readonly RegExp[] = [
  / yet$/,
  /: no user space there$/,
  /^process \d+ has ended$/,
  /^\/proc\/\d+\/(exe|auxv|cmdline|maps|mem) does not exist$/,
];

function isOfEnd(reading: unknown): reading is Reading<never> & Unavailable {
  if (typeof reading !== 'object' || reading === null || !('unavailable' in reading)) return false;
  const { unavailable, detail } = reading as Unavailable;
  return unavailable === 'absent' && endings.some((ending) => ending.test(detail));
}
