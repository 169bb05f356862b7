import type { Frame } from '../model/frame.ts';
import type { Report } from '../model/report.ts';
import { cell, type Grid, type Row } from './cells.ts';
import type { ColumnCell } from './clock-cells.ts';
import { type Column, type ColumnContext, chooseColumns } from './clock-columns.ts';
import type { ClockRow } from './clock-rows.ts';
import type { Drawing } from './drawing.ts';
import { eventMarks } from './event-marks.ts';
import { fitText } from './fit-text.ts';
import type { Tone } from './tones.ts';
import { windowAround } from './window-around.ts';

export interface ClockTableInput {
  readonly report: Report;
  readonly series: Frame['series'];
  readonly rows: readonly ClockRow[];
  /** Key of the row that is marked; undefined marks none. */
  readonly selected: string | undefined;
  readonly width: number;
  /** Rows of the table, its heading included. */
  readonly height: number;
  /** Undefined draws no sparklines. */
  readonly drawing: Drawing | undefined;
}

/** Whether the counts of this report are whole, so that they may stand without '≈'. */
export function countsAreExact({ coverage }: Report): boolean {
  return coverage.entriesCounted === 1;
}

/** Heading and rows, the selected one in sight. */
export function clockTable({ report, series, rows, selected, width, height, drawing }: ClockTableInput): Grid {
  const columns = chooseColumns(rows, width, drawing !== undefined);
  const context: ColumnContext = { exact: countsAreExact(report), series, drawing, marks: eventMarks(report.events) };
  const shown = windowAround(rows, selected, height - 1);
  return [
    columns.map(({ title, width, align }, index) => cell(gap(index) + fitText(title, width, align), 'muted')),
    ...shown.map((row) => tableRow(row, row.key === selected, columns, context)),
  ];
}

function tableRow(row: ClockRow, selected: boolean, columns: readonly Column[], context: ColumnContext): Row {
  const cells = columns.map((column) => column.show(row, context, column.width));
  return columns.map(({ width, align }, index) => {
    const { text, tone } = cells[index] ?? cell('');
    const marked = index === 0 && selected ? `>${text.slice(1)}` : text;
    return cell(gap(index, cells[index - 1]) + fitText(marked, width, align), toneIn(row, selected, index, tone));
  });
}

function gap(index: number, before?: ColumnCell): string {
  return index === 0 ? '' : (before?.footnote ?? ' ');
}

/** The whole selected row is brighter, and a row that nothing was read from is dimmer. */
function toneIn(row: ClockRow, selected: boolean, index: number, tone: Tone): Tone {
  if (selected && index <= 1) return 'accent';
  if (selected && tone === 'plain') return 'strong';
  return row.verdict === 'idle' && tone === 'plain' ? 'muted' : tone;
}
