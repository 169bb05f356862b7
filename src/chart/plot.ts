import type { ScaleKind } from './value-scale.ts';

/** What is to be plotted: heights from 0 (bottom) to 1 (top), one a place; null is a gap and stays blank. */
export interface PlotRequest {
  readonly heights: readonly (number | null)[];
  /** A second line of the same length, or nothing; to be told from the first by its look. */
  readonly second: readonly (number | null)[];
  /** Rows above the x axis. */
  readonly rows: number;
  readonly kind: ScaleKind;
}

/** One way to draw a line with its two axes. */
export interface Plot {
  readonly placesPerColumn: number;
  /** The row from the top on which a height is drawn, and its label belongs. */
  readonly rowOf: (height: number, rows: number) => number;
  /** `rows` + 1 rows (the last is the x axis) of one column for the y axis and one for every `placesPerColumn` heights. */
  readonly draw: (request: PlotRequest) => readonly string[];
}

/** Whether something is missing between the first and the last measured place, or there is no line at all. */
export function hasGap(heights: readonly (number | null)[]): boolean {
  const first = heights.findIndex((height) => height !== null);
  const last = heights.findLastIndex((height) => height !== null);
  return first === last || heights.slice(first, last).includes(null);
}
