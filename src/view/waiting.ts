import { cell, fitGrid, fitRow, type Grid } from './cells.ts';
import { formatSeconds } from './format.ts';

/** The screen before the first sample is taken. */
export function waitingGrid(seconds: number, columns: number, rows: number): Grid {
  const grid: Grid = [
    [cell(' vdsotop ', 'badgeUnknown'), cell(`  measuring ${formatSeconds(seconds)}`, 'muted')],
    ...fitGrid([], rows - 2),
    [cell(' q', 'accent'), cell(' quit', 'muted')],
  ];
  return fitGrid(grid, rows).map((row) => fitRow(row, columns));
}
