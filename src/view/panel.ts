import { blank, cell, fitGrid, type Grid, type Row, rowWidth } from './cells.ts';
import { cutText } from './fit-text.ts';
import { textWidth } from './printable.ts';

export interface PanelFrame {
  readonly title: string;
  /** Said at the right end of the title row, as far as it fits. */
  readonly note?: string;
  readonly focused: boolean;
  readonly width: number;
  /** Rows of the whole panel, its title included. */
  readonly height: number;
  /** Rows of the body that have been scrolled away above. */
  readonly scroll?: number;
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
  const scroll = Math.min(frame.scroll ?? 0, scrollMost);
  const hidden = scrollMost > 0 ? `${scroll + 1}–${Math.min(scroll + room, body.length)} of ${body.length}` : undefined;
  const note = hidden === undefined ? frame.note : (frame.note && `${frame.note} · ${hidden}`) || hidden;
  const title = titleRow({ ...frame, ...(note === undefined ? {} : { note }) });
  return { rows: fitGrid([title, ...fitGrid(body.slice(scroll), room)], frame.height), scrollMost };
}

function titleRow({ title, note, focused, width }: PanelFrame): Row {
  const name = cutText(focused ? `[${title}]` : ` ${title} `, width - 3);
  const head: Row = [cell('──', 'muted'), cell(name, focused ? 'focus' : 'title')];
  const left = width - rowWidth(head);
  const said = note === undefined || left < 8 ? '' : ` ${cutText(note, left - 4)} `;
  const rule = cell('─'.repeat(Math.max(left - textWidth(said) - 1, 0)), 'muted');
  return said === ''
    ? [...head, cell('─'.repeat(Math.max(left, 0)), 'muted')]
    : [...head, rule, cell(said, 'muted'), cell('─', 'muted')];
}

/** A label in a column of its own and lines of text beside it, as body rows. */
export function labelled(label: string, lines: readonly Row[], labelWidth: number): Grid {
  return lines.map((line, index) => [
    index === 0 ? cell(` ${cutText(label, labelWidth - 2)}`.padEnd(labelWidth), 'muted') : blank(labelWidth),
    ...line,
  ]);
}
