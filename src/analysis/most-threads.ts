import type { Snapshot } from '../model/snapshot.ts';

/** Threads that lived in the one of these snapshots that has the most; undefined where none tells. */
export function mostThreads(
  snapshots: readonly Pick<Snapshot, 'activity'>[],
  atLeast: number | undefined = undefined,
): number | undefined {
  return snapshots.reduce((most, { activity }) => {
    if ('unavailable' in activity) return most;
    return Math.max(most ?? 0, activity.value.threadCount);
  }, atLeast);
}
