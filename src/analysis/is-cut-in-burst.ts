import type { FastWindowFunction } from '../model/fast-reads.ts';

/** Hits that follow each other as fast as they can leave next to nothing between them … */
const dense = 2;
/** … or, over half of the calls, less than this: a hit may take a target half as much again as it takes us. */
const denseHalf = 1.6;

/**
 * Whether a window waited for a burst and was used up by its beginning: what the burst goes on with, other clocks perhaps,
 * no such window sees. One that was used up without a pause began in the middle of the calls, at a moment as good as any; and
 * one with pauses among the last half of its calls met bursts that were over sooner than that, and saw them to their end.
 */
export function isCutInBurst({ hits, usedUpAfterMs, halfAfterMs }: FastWindowFunction, nsPerHit: number): boolean {
  if (usedUpAfterMs === undefined) return false;
  const count = hits.reduce((sum, hit) => sum + hit.count, 0);
  if (usedUpAfterMs * 1e6 <= dense * count * nsPerHit) return false;
  return halfAfterMs === undefined || (usedUpAfterMs - halfAfterMs) * 1e6 <= (denseHalf * count * nsPerHit) / 2;
}
