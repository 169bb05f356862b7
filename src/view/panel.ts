import { blank, cell, fitGrid, type Grid, type Row, rowWidth } from './cells.ts';
import { cutText } from './fit-text.ts';
import { textWidth } from './printable.ts';

export interface PanelFrame {
  readonly title: string;
  /** Said at the right end of the title row: the first of these that fits. */
  readonly notes: readonly string[];
  readonly focused: boolean;
  readonly width: number;
  /** Rows of the whole panel, its title included. */
  readonly height: number;
  /** Rows of the body that have been scrolled away above. */
  readonly scroll: number;
}

export interface Panel {
  readonly rows: Grid;
  /** How far the body can be scrolled. */
  readonly scrollMost: number;
}

/** A titled panel of exactly `height` rows. The focused one has its title in brackets, so that it shows without colour. */
export function panel(frame: PanelFrame, body: Grid): Panel {
  const room = Math.max(frame.height - 1, 0);
  const scrollMost = Math.max(body.length - room, 0);
  const scroll = Math.min(frame.scroll, scrollMost);
  const part = `${scroll + 1}–${Math.min(scroll + room, body.length)} of ${body.length}`;
  const notes = scrollMost === 0 ? frame.notes : [...frame.notes.map((note) => `${note} · ${part}`), part];
  const rows = fitGrid([titleRow({ ...frame, notes }), ...fitGrid(body.slice(scroll), room)], frame.height);
  return { rows, scrollMost };
}

function titleRow({ title, notes, focused, width }: PanelFrame): Row {
  const name = cutText(focused ? `[${title}]` : ` ${title} `, width - 3);
  const head: Row = [cell('──', 'muted'), cell(name, focused ? 'focus' : 'title')];
  const left = width - rowWidth(head);
  const note = notes.find((one) => textWidth(one) + 4 <= left);
  if (note === undefined) return [...head, rule(left)];
  return [...head, rule(left - textWidth(note) - 3), cell(` ${note} `, 'muted'), rule(1)];
}

function rule(width: number) {
  return cell('─'.repeat(Math.max(width, 0)), 'muted');
}

/** A label in a column of its own and lines of text beside it, as body rows. */
export function labelled(label: string, lines: readonly Row[], labelWidth: number): Grid {
  return lines.map((line, index) => [
    index === 0 ? cell(` ${cutText(label, labelWidth - 2)}`.padEnd(labelWidth), 'muted') : blank(labelWidth),
    ...line,
  ]);
}
