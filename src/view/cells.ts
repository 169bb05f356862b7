import { cutText } from './fit-text.ts';
import { textWidth } from './printable.ts';
import type { Tone } from './tones.ts';

/** A run of text of one meaning. A screen is rows of these: what Ink paints, and what pictures are drawn from. */
export interface Cell {
  readonly text: string;
  readonly tone: Tone;
  /** URL that a click on it opens, in terminals that know OSC 8. */
  readonly link?: string;
}

export type Row = readonly Cell[];
export type Grid = readonly Row[];

export function cell(text: string, tone: Tone = 'plain'): Cell {
  return { text, tone };
}

export function blank(width: number): Cell {
  return { text: ' '.repeat(Math.max(width, 0)), tone: 'plain' };
}

export function rowWidth(row: Row): number {
  return row.reduce((width, { text }) => width + textWidth(text), 0);
}

/** The row in exactly `width` columns: cut with an ellipsis or padded. */
export function fitRow(row: Row, width: number): Row {
  const fitted: Cell[] = [];
  let left = width;
  for (const one of row) {
    const cut = cutText(one.text, left);
    if (cut !== '') fitted.push({ ...one, text: cut });
    left -= textWidth(cut);
    if (cut !== one.text) break;
  }
  return left > 0 ? [...fitted, blank(left)] : fitted;
}

/** The row in at most `width` columns, in as few cells as it takes: what is painted is paid for by the cell. */
export function compactRow(row: Row, width: number): Row {
  const merged: Cell[] = [];
  for (const one of row) {
    const last = merged.at(-1);
    const { text, tone, link } = one;
    const isLike = last?.tone === tone || (text.trim() === '' && last !== undefined && !isBadge(last.tone));
    if (last !== undefined && isLike && last.link === link)
      merged[merged.length - 1] = { ...last, text: last.text + text };
    else merged.push(one);
  }
  const last = merged.pop();
  const text = last === undefined || isBadge(last.tone) ? last?.text : last.text.trimEnd();
  const compact = last !== undefined && text ? [...merged, { ...last, text }] : merged;
  return rowWidth(compact) > width ? fitRow(compact, width) : compact;
}

/** A badge is painted in reverse, so that its blanks are seen. */
function isBadge(tone: Tone): boolean {
  return tone.startsWith('badge');
}

/** Exactly `height` rows: cut from below, or filled with empty ones. */
export function fitGrid(grid: Grid, height: number): Grid {
  const filler = Array.from({ length: Math.max(height - grid.length, 0) }, (): Row => []);
  return [...grid.slice(0, Math.max(height, 0)), ...filler];
}

/** Two grids side by side with a rule between them; as high as the higher one. */
export function beside(left: Grid, leftWidth: number, right: Grid): Grid {
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, index) => [
    ...fitRow(left[index] ?? [], leftWidth),
    cell(' │ ', 'muted'),
    ...(right[index] ?? []),
  ]);
}

export function rowText(row: Row): string {
  return row
    .map(({ text }) => text)
    .join('')
    .trimEnd();
}

/** The grid as plain text, one line a row. */
export function gridText(grid: Grid): string {
  return grid.map(rowText).join('\n');
}
