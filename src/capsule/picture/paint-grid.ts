import type { Cell, Grid } from '../../view/cells.ts';
import { looks } from '../../view/looks.ts';
import type { PaintedRow, PaintedRun } from './picture.ts';
import type { PictureTheme } from './picture-theme.ts';

/** The rows of the view in the colours of a page. */
export function paintGrid(grid: Grid, theme: PictureTheme): readonly PaintedRow[] {
  return grid.map((row) => row.map((cell) => paint(cell, theme)));
}

function paint({ text, tone }: Cell, { background, foreground, dim, hues }: PictureTheme): PaintedRun {
  const look = looks[tone];
  const colour = look.hue === undefined ? (look.dim ? dim : foreground) : hues[look.hue];
  const colours = look.inverse ? { ink: background, paper: colour } : { ink: colour };
  return { text, ...colours, ...(look.bold ? { bold: true } : {}) };
}
