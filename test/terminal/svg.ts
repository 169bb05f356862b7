import { drawSvg } from '../../src/capsule/picture/draw-svg.ts';
import type { PaintedRow } from '../../src/capsule/picture/picture.ts';
import { pictureThemes } from '../../src/capsule/picture/picture-theme.ts';
import { coloursOf } from './palette.ts';
import type { Cell } from './terminal.ts';

const theme = pictureThemes.dark;

/** A picture of the cells of a terminal, by the writer that draws the product's own pictures. */
export function toSvg(rows: readonly (readonly Cell[])[], title: string): string {
  return drawSvg({
    columns: rows[0]?.length ?? 0,
    rows: rows.map(runsOf),
    background: theme.background,
    title,
    description: 'The screen of a terminal.',
  });
}

function runsOf(row: readonly Cell[]): PaintedRow {
  const looks = row.map(({ text, ...style }) => ({ text, look: JSON.stringify(style) }));
  return row.reduce<{ text: string; ink: string; paper?: string; bold: boolean; underlined: boolean }[]>(
    (runs, cell, index) => {
      const last = runs.at(-1);
      if (last !== undefined && looks[index]?.look === looks[index - 1]?.look) last.text += cell.text;
      else runs.push({ text: cell.text, ...coloursOf(cell, theme), bold: cell.bold, underlined: cell.underlined });
      return runs;
    },
    [],
  );
}
