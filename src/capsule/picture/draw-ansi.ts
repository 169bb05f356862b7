import type { Cell, Grid } from '../../view/cells.ts';
import { type Hue, looks } from '../../view/looks.ts';
import { printable } from '../../view/printable.ts';

/** Select Graphic Rendition (ECMA-48, 8.3.117), in the colours of whoever looks at it. */
const hueCodes: Readonly<Record<Hue, number>> = { red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 };

/** The rows for `cat` and `less -R`. */
export function drawAnsi(grid: Grid): string {
  return grid.map((row) => `${row.map(paint).join('').trimEnd()}\n`).join('');
}

/** Whatever a cell holds, no escape but ours goes to the terminal. */
function paint({ text: raw, tone }: Cell): string {
  const text = printable(raw);
  const { hue, bold, dim, inverse } = looks[tone];
  const codes = [bold && 1, dim && 2, inverse && 7, hue && hueCodes[hue]].filter((code) => typeof code === 'number');
  return codes.length === 0 ? text : `\u001b[${codes.join(';')}m${text}\u001b[0m`;
}
