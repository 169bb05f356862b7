import type { Plot } from './plot.ts';

const eighths = ' ▁▂▃▄▅▆▇█';

/** Columns filled from below in eighths of a cell; the second line lies over them. Zero is a lowest eighth. */
export const blockPlot: Plot = {
  placesPerColumn: 1,
  rowOf,
  draw: ({ heights, second, rows }) => {
    const cell = (row: number, column: number) => {
      const filled = fill(heights[column] ?? null, rows - 1 - row, rows);
      const over = second[column] ?? null;
      if (over === null || rowOf(over, rows) !== row) return eighths.charAt(filled);
      return filled === 0 ? '─' : '▒';
    };
    const row = (index: number) => `│${heights.map((_, column) => cell(index, column)).join('')}`;
    return [...Array.from({ length: rows }, (_, index) => row(index)), `└${'─'.repeat(heights.length)}`];
  },
};

/** Eighths of the cell that is `above` cells above the bottom. */
function fill(height: number | null, above: number, rows: number): number {
  if (height === null) return 0;
  return Math.min(8, Math.max(0, Math.max(1, Math.round(height * rows * 8)) - above * 8));
}

function rowOf(height: number, rows: number): number {
  return rows - 1 - Math.min(rows - 1, Math.floor(height * rows));
}
