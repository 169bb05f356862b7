import type { Snapshot } from '../model/snapshot.ts';

/**
 * Those from the last reset on, all where there was none. A reset begins at a snapshot that was there already; after exec or
 * another clocksource one begins with itself, and curves go on, as what changed is marked on them.
 */
export function sinceReset(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  const first = snapshots.findLastIndex(({ elapsedMs, sinceMs }, index) => {
    return sinceMs < elapsedMs && snapshots[index + 1]?.sinceMs === elapsedMs;
  });
  return snapshots.slice(Math.max(0, first));
}
