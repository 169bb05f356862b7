import type { Snapshot } from '../model/snapshot.ts';
import type { Counters } from './counters.ts';

export type SeenCalls = Pick<Snapshot, 'fastReads' | 'fastWindows' | 'fastCounts' | 'callSites'>;

/** What of a target was seen calling, since last taken. */
export function takeCalls(counters: Counters, ended: boolean): SeenCalls {
  return {
    fastReads: counters.fastReads(),
    fastWindows: counters.takeFastWindows(),
    fastCounts: counters.takeFastCounts(),
    callSites: counters.callSites(ended),
  };
}
