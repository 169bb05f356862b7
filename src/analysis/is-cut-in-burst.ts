import type { FastWindowFunction } from '../model/fast-reads.ts';

/** Hits that follow each other as fast as they can leave next to nothing between them … */
const dense = 2;
/** … or, over half of the calls, less than this: a hit may take a target half as much again as it takes us. */
const denseHalf = 1.6;
/** So much more densely than the first half of the calls, with what was waited for them, the last half of a burst comes. */
const denser = 3;

/**
 * Whether a window waited for a burst and was used up by its beginning: what the burst goes on with, other clocks perhaps,
 * no such window sees. One that was used up without a pause began in the middle of the calls, at a moment as good as any; and
 * one with pauses among the last half of its calls, as among the first, met bursts that were over sooner than that, and saw
 * them to their end. A burst may have work of its own between its calls.
 */
export function isCutInBurst(
  { hits, sampled, usedUpAfterMs, halfAfterMs }: FastWindowFunction,
  nsPerHit: number,
): boolean {
  if (usedUpAfterMs === undefined) return false;
  const count = countOf(hits);
  if (usedUpAfterMs * 1e6 <= dense * count * nsPerHit) return false;
  if (halfAfterMs === undefined) return true;
  const restMs = usedUpAfterMs - halfAfterMs;
  if (restMs * 1e6 <= (denseHalf * count * nsPerHit) / 2) return true;
  // Of windows that count, half of the calls that were told apart.
  const told = sampled === undefined ? count : countOf(sampled);
  const first = Math.floor((told + 1) / 2);
  return (told - first) * halfAfterMs > denser * first * restMs;
}

function countOf(hits: readonly { readonly count: number }[]): number {
  return hits.reduce((sum, hit) => sum + hit.count, 0);
}
