import type { Capsule } from '../model/capsule.ts';
import type { Difference } from '../model/difference.ts';
import type { Frame } from '../model/frame.ts';
import { pastOf } from './history.ts';
import { createLookback } from './lookback.ts';

/**
 * The frame `shown`, judged from a capsule of the same moment: what was taken out of the capsule is not in it either.
 * Undefined where the capsule does not hold that moment.
 */
export function frameOfCapsule({ header, snapshots }: Capsule, shown: Frame, version: string): Frame | undefined {
  const { commandLine, intervalMs, shownMs } = header;
  const look = createLookback(pastOf(snapshots), () => ({ version, commandLine, intervalMs }));
  const at = shownMs === undefined ? -1 : snapshots.findIndex(({ elapsedMs }) => elapsedMs >= shownMs);
  look.show(at < 0 ? 'newest' : at);
  const frame = look.frame();
  if (frame === undefined) return undefined;
  // How long nothing was read may go back further than what is kept of it.
  const { state, behindSeconds, idleSeconds, replay, difference } = shown;
  const { replayed } = shown.report;
  return {
    ...frame,
    state,
    behindSeconds,
    idleSeconds,
    ...(replay !== undefined && { replay }),
    ...(difference !== undefined && { difference: withoutPaths(difference) }),
    report: { ...frame.report, ...(replayed !== undefined && { replayed }) },
  };
}

/** What changed that a person wrote: its words are not in the capsule either. */
const written = /command line|program|libc|container|watchers/;

/** A baseline is in no capsule, so the difference is the one that is shown. */
function withoutPaths(difference: Difference): Difference {
  return { ...difference, environment: difference.environment.filter(({ what }) => !written.test(what)) };
}
