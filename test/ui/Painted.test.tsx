import chalk from 'chalk';
import { renderToString } from 'ink';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { Painted } from '../../src/ui/Painted.tsx';
import { theme } from '../../src/ui/theme.ts';
import { gridText } from '../../src/view/cells.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState, type Mode } from '../../src/view/screen-state.ts';
import { frames } from './frames.ts';

const sizes = [
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

function grid(name: keyof typeof frames, columns: number, rows: number, mode: Mode = 'overview') {
  return buildScreen({
    frame: frames[name],
    state: { ...initialState, mode },
    columns,
    rows,
    drawing: makeDrawing('braille'),
    glossary: [],
    toast: undefined,
    trace: undefined,
  }).grid;
}

/** vitest has no terminal, so Ink paints without colour here: what is asserted is what a colour-blind reader has. */
const painted = (name: keyof typeof frames, columns: number, rows: number, mode?: Mode) =>
  renderToString(<Painted grid={grid(name, columns, rows, mode)} />, { columns });

describe.each(sizes)('painted on %d × %d', (columns, rows) => {
  it.each(Object.keys(frames) as (keyof typeof frames)[])('the %s frame is the grid, row for row', (name) => {
    for (const mode of ['overview', 'chart', 'why'] as const) {
      const lines = painted(name, columns, rows, mode).split('\n');
      expect(lines.length).toBe(rows);
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
      expect(lines.map((line) => line.trimEnd())).toEqual(gridText(grid(name, columns, rows, mode)).split('\n'));
    }
  });

  it('tells a slow, a healthy, an unseen and an idle target apart without colour', () => {
    const words = (['demo', 'healthy', 'denied', 'idle'] as const).map(
      (name) => painted(name, columns, rows).split('\n')[0]?.trim().split(/\s+/)[0],
    );
    expect(words).toEqual(['SLOW', 'OK', 'UNKNOWN', 'IDLE']);
  });
});

describe('the theme', () => {
  /** Set by looks.ts, and taken back: bold and dim, reverse, and colours of the 16. */
  const allowed = new Set([1, 2, 22, 7, 27, 31, 32, 33, 35, 36, 39]);
  const level = chalk.level;
  afterEach(() => {
    chalk.level = level;
  });

  it('uses the 16 colours of the terminal, and neither black nor white', () => {
    chalk.level = 3;
    const codes = Object.values(theme).flatMap((paint) =>
      [...paint('x').matchAll(/\u001b\[([\d;]*)m/g)].map(([, code]) => Number(code)),
    );
    expect(new Set(codes)).toEqual(allowed);
  });

  it('leaves text as it is where the terminal has no colours', () => {
    chalk.level = 0;
    expect(Object.values(theme).map((paint) => paint('x'))).toEqual(Object.keys(theme).map(() => 'x'));
  });
});
