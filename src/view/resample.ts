import type { SeriesPoint } from '../model.ts';
import type { Point } from './drawing.ts';

export type Curve = 'kernelEntriesPerSecond' | 'vdsoNs' | 'syscallNs';

/** One curve of a clock as points of time and value. */
export function curveOf(points: readonly SeriesPoint[], curve: Curve): readonly Point[] {
  return points.map((point) => ({ atMs: point.atMs, value: point[curve] }));
}

/**
 * The last `seconds` of a curve as `width` values of equal stretches of time, newest last: the mean of what was
 * measured in each stretch, null where nothing was.
 */
export function resample(points: readonly Point[], width: number, seconds: number): readonly (number | null)[] {
  const newest = points.at(-1);
  if (newest === undefined || width <= 0) return [];
  const stretchMs = (seconds * 1_000) / width;
  const sums = Array.from({ length: width }, () => ({ total: 0, count: 0 }));
  for (const { atMs, value } of points) {
    const bucket = sums[width - 1 - Math.floor((newest.atMs - atMs) / stretchMs)];
    if (value === null || bucket === undefined) continue;
    bucket.total += value;
    bucket.count += 1;
  }
  return sums.map(({ total, count }) => (count === 0 ? null : total / count));
}
