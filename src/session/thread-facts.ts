import { readThreadFacts } from '../collect/process/read-thread-facts.ts';
import type { TargetFacts } from '../model/target.ts';

/** What each time costs is bounded by the threads that are read (thread-statuses.ts). */
const everyMs = 5_000;

/** A tracer attaches and a filter is installed long after vdsotop came: both are read again every few seconds. */
export interface ThreadFactsFollower {
  /** The target with what is newest of them; what has ended meanwhile keeps its last. */
  follow(target: TargetFacts): TargetFacts;
}

export function createThreadFactsFollower(
  pid: number,
  now: () => number = () => performance.now(),
): ThreadFactsFollower {
  let readAtMs = now();
  return {
    follow(target) {
      if (now() - readAtMs < everyMs) return target;
      readAtMs = now();
      const { tracerPid, seccompMode } = readThreadFacts(pid);
      return {
        ...target,
        tracerPid: isGone(tracerPid) ? target.tracerPid : tracerPid,
        seccompMode: isGone(seccompMode) ? target.seccompMode : seccompMode,
      };
    },
  };
}

function isGone(reading: TargetFacts['tracerPid'] | TargetFacts['seccompMode']): boolean {
  return 'unavailable' in reading && reading.unavailable === 'absent';
}
