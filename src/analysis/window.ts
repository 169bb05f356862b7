import type { TimingSample } from '../model/prices.ts';
import type { Snapshot, Window } from '../model/snapshot.ts';
import { mostThreads } from './most-threads.ts';
import { siteSteps } from './site-steps.ts';

/**
 * The stretch from the first to the last of consecutive snapshots. `watchedSinceMs` is the `elapsedMs` of the attach or
 * reset before it; without it the watching began with the stretch. Throws on no snapshots: there is nothing to judge.
 */
export function makeWindow(
  snapshots: readonly Snapshot[],
  unwatchedTimings: readonly TimingSample[],
  watchedSinceMs?: number,
): Window {
  const first = snapshots[0];
  const last = snapshots.at(-1);
  if (first === undefined || last === undefined) throw new Error('a window needs at least one snapshot');
  // The timings of the first were taken before the stretch began; with nothing else they are what there is.
  const inside = snapshots.length > 1 ? snapshots.slice(1) : snapshots;
  const beganMs = Math.min(first.elapsedMs, watchedSinceMs ?? first.elapsedMs);
  return {
    first,
    last,
    timings: inside.flatMap(({ timings }) => timings),
    fastWindows: inside.flatMap(({ fastWindows }) => fastWindows),
    fastCounts: inside.flatMap(({ fastCounts = [] }) => fastCounts),
    siteSteps: siteSteps(snapshots),
    mostThreads: mostThreads(snapshots),
    unwatchedTimings,
    watchedSeconds: Math.max(0, last.elapsedMs - beganMs) / 1_000,
  };
}
