import type { SeriesPoint } from '../model/frame.ts';
import type { Point } from './drawing.ts';

export type Curve = 'kernelEntriesPerSecond' | 'vdsoNs' | 'syscallNs';

/** One curve of a clock as points of time and value. */
export function curveOf(points: readonly SeriesPoint[], curve: Curve): readonly Point[] {
  return points.map((point) => ({ atMs: point.atMs, value: point[curve] }));
}

/** A value stands for the time until the next sample is due, and a little longer: timers are late. */
const holdSteps = 2;

/**
 * The last `seconds` of a curve as `places` values of equal stretches of time, newest last: the mean of what was
 * measured in each stretch; where the stretches are shorter than the steps, the value that still held; null in a gap.
 */
export function resample(points: readonly Point[], places: number, seconds: number): readonly (number | null)[] {
  const newest = points.at(-1);
  if (newest === undefined || places <= 0) return [];
  const stretchMs = (seconds * 1_000) / places;
  const holdMs = holdSteps * averageStepMs(points);
  let next = 0;
  let held: Point | undefined;
  return Array.from({ length: places }, (_, place) => {
    const endMs = newest.atMs - (places - 1 - place) * stretchMs;
    const values: number[] = [];
    let passed = false;
    for (let point = points[next]; point !== undefined && point.atMs <= endMs; point = points[next]) {
      const within = point.atMs > endMs - stretchMs;
      if (within && point.value !== null) values.push(point.value);
      passed ||= within;
      held = point;
      next += 1;
    }
    if (values.length > 0) return values.reduce((sum, value) => sum + value, 0) / values.length;
    return passed || held === undefined || endMs - held.atMs > holdMs ? null : held.value;
  });
}

function averageStepMs(points: readonly Point[]): number {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return 0;
  return (last.atMs - first.atMs) / (points.length - 1);
}
