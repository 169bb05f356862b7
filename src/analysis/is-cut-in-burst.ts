import type { FastWindowFunction } from '../model/fast-reads.ts';

/** Hits that follow each other as fast as they can leave next to nothing between them. */
const dense = 2;

/**
 * Whether a window waited for a burst and was used up by its beginning: what the burst goes on with, other clocks perhaps,
 * no such window sees. One that was used up without a pause began in the middle of the calls, at a moment as good as any.
 */
export function isCutInBurst({ hits, usedUpAfterMs }: FastWindowFunction, nsPerHit: number): boolean {
  if (usedUpAfterMs === undefined) return false;
  const count = hits.reduce((sum, hit) => sum + hit.count, 0);
  return usedUpAfterMs * 1e6 > dense * count * nsPerHit;
}
