import type { Plot } from './plot.ts';

/** A star at every value, joined by bars where it jumps; the second line is of o and colons. */
export const asciiPlot: Plot = {
  placesPerColumn: 1,
  rowOf,
  draw: ({ heights, second, rows }) => {
    const row = (index: number) =>
      heights.map(
        (_, column) => mark(heights, column, index, rows, '*|') ?? mark(second, column, index, rows, 'o:') ?? ' ',
      );
    return [...Array.from({ length: rows }, (_, index) => `|${row(index).join('')}`), `+${'-'.repeat(heights.length)}`];
  },
};

/** `signs` are the one for a value and the one for the way up or down to it from the value before. */
function mark(
  heights: readonly (number | null)[],
  column: number,
  row: number,
  rows: number,
  signs: string,
): string | undefined {
  const height = heights[column] ?? null;
  if (height === null) return undefined;
  const here = rowOf(height, rows);
  if (row === here) return signs[0];
  const before = rowOf(heights[column - 1] ?? height, rows);
  return row > Math.min(here, before) && row < Math.max(here, before) ? signs[1] : undefined;
}

function rowOf(height: number, rows: number): number {
  return Math.round((1 - height) * (rows - 1));
}
