import type { Snapshot } from '../model/snapshot.ts';

/**
 * The newest snapshots, so that from the first to the last at least `ms` have passed: however long the interval, two lie
 * further apart. Fewer where attach, exec, another clocksource or a reset is nearer, which no window spans.
 */
export function reachingBack(snapshots: readonly Snapshot[], ms: number): readonly Snapshot[] {
  const last = snapshots.at(-1);
  if (last === undefined) return [];
  const enough = snapshots.findLastIndex(({ elapsedMs }) => elapsedMs <= last.elapsedMs - ms);
  return snapshots.slice(Math.max(0, enough)).filter(({ elapsedMs }) => elapsedMs >= last.sinceMs);
}
