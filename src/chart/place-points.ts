/** null is a gap: nothing was measured then, which is not zero. */
export interface ChartPoint {
  readonly atMs: number;
  readonly value: number | null;
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The value at each of `places` equal parts of the stretch of time: the greatest of the points that fall into it, so
 * that no spike is lost, else the straight line between its measured neighbours, else null. Neighbours further apart
 * than three usual steps have a hole between them (the program was suspended), and no line. `points` go forward in time.
 */
export function placePoints(
  points: readonly ChartPoint[],
  places: number,
  { startMs, endMs }: Stretch,
): readonly (number | null)[] {
  const perMs = endMs > startMs ? places / (endMs - startMs) : 0;
  // The last moment belongs to the last place.
  const placed = points
    .filter(({ atMs }) => atMs <= endMs)
    .map(({ atMs, value }) => ({
      place: Math.min(places - 1, Math.floor((atMs - startMs) * perMs)),
      atMs,
      value: value !== null && Number.isFinite(value) ? value : null,
    }));
  const line = Array<number | null>(places).fill(null);
  const holeMs = 3 * usualStepMs(points);
  placed.forEach((to, index) => {
    const from = placed[index - 1];
    if (from === undefined || from.value === null || to.value === null || to.atMs - from.atMs > holeMs) return;
    for (let place = Math.max(0, from.place + 1); place < to.place; place++)
      line[place] = from.value + (to.value - from.value) * ((place - from.place) / (to.place - from.place));
  });
  for (const { place, value } of placed)
    if (place >= 0 && value !== null) line[place] = Math.max(value, line[place] ?? value);
  return line;
}

/** The median, which a few long pauses do not move. */
function usualStepMs(points: readonly ChartPoint[]): number {
  const steps = points.slice(1).map((point, index) => point.atMs - (points[index]?.atMs ?? point.atMs));
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}
