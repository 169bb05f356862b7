import type { Grid } from '../../view/cells.ts';
import { printable } from '../../view/printable.ts';
import { drawAnsi } from './draw-ansi.ts';

export interface Cast {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
}

/** A screen, so many milliseconds after the first one. */
export interface CastScreen {
  readonly atMs: number;
  readonly grid: Grid;
}

/** Hides the cursor and clears the screen (ECMA-48, DECTCEM). */
const opening = '\u001b[?25l\u001b[2J';

/**
 * The lines of an asciicast of version 3, each with its end: screens as a terminal player shows them one after another
 * (https://docs.asciinema.org/manual/asciicast/v3/). Of a screen only the rows that changed are written.
 */
export function* drawAsciicast(cast: Cast, screens: Iterable<CastScreen>): Generator<string> {
  const { columns, rows, title, startedAtMs } = cast;
  const term = { cols: columns, rows, type: 'xterm-256color' };
  yield lineOf({ version: 3, term, timestamp: Math.floor(startedAtMs / 1_000), title: printable(title) });
  let before: readonly string[] = [];
  let beforeMs = 0;
  for (const { atMs, grid } of screens) {
    const now = drawAnsi(grid).split('\n').slice(0, rows);
    const changed = now.map((row, index) => (row === before[index] ? '' : placed(row, index))).join('');
    const output = before.length === 0 ? opening + changed : changed;
    before = now;
    if (output === '') continue;
    const nowMs = Math.round(atMs);
    yield lineOf([(nowMs - beforeMs) / 1_000, 'o', output]);
    beforeMs = nowMs;
  }
  yield lineOf([0, 'x', '0']);
}

/** At the beginning of its row, with the rest of the row erased. */
function placed(row: string, index: number): string {
  return `\u001b[${index + 1};1H${row}\u001b[K`;
}

/** JSON.stringify escapes control characters up to U+001F: others are in none of the texts. */
function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
