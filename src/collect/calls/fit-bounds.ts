/**
 * Bounds of samples that a ring has room for: scaled down alike, but to no less than one where there is room for one of each.
 * One of 0 is not asked for.
 */
export function fitBounds(bounds: readonly number[], room: number): readonly number[] {
  const wanted = bounds.reduce((sum, bound) => sum + bound, 0);
  if (wanted <= room) return bounds;
  const asked = bounds.filter((bound) => bound > 0).length;
  const scale = Math.max(0, room - asked) / Math.max(1, wanted - asked);
  let left = Math.floor(room);
  return bounds.map((bound) => {
    const fit = bound === 0 ? 0 : Math.min(left, 1 + Math.floor((bound - 1) * scale));
    left -= fit;
    return fit;
  });
}
