/** Steps of a unit, smallest first; the first stands for the bare unit. */
type Ladder = readonly (readonly [from: number, suffix: string])[];

const durations: Ladder = [
  [1, ' ns'],
  [1e3, ' µs'],
  [1e6, ' ms'],
  [1e9, ' s'],
];

const counts: Ladder = [
  [1, ''],
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
];

/** "0", "200 ns", "1.5 µs" for the unit ns; "50k/s", "2M/s" for any other unit (here "/s"). Three digits at most. */
export function tickLabel(value: number, unit: string): string {
  if (value === 0) return '0';
  const ladder = unit === 'ns' ? durations : counts;
  const [from, suffix] = ladder.findLast(([step]) => Math.abs(value) >= step) ?? ladder[0] ?? [1, ''];
  return `${Number((value / from).toPrecision(3))}${suffix}${unit === 'ns' ? '' : unit}`;
}
