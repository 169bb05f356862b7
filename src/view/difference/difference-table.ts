import type { ClockDifference, Difference } from '../../model/difference.ts';
import { type Cell, cell, type Grid, type Row } from '../cells.ts';
import type { ClockRow } from '../clock-rows.ts';
import { fitText } from '../fit-text.ts';
import { formatCount } from '../format.ts';
import { windowAround } from '../window-around.ts';
import { changeCell, paidChange, pathCell, priceCell, shareCell } from './change-cells.ts';
import { differenceStatuses } from './change-words.ts';
import { differenceSentence, namesOf } from './difference-sentence.ts';

export interface DifferenceTableInput {
  readonly difference: Difference;
  readonly rows: readonly ClockRow[];
  /** Key of the row that is marked; undefined marks none. */
  readonly selected: string | undefined;
  readonly width: number;
  /** Rows of the table, its heading included. */
  readonly height: number;
}

interface Column {
  readonly title: string;
  readonly width: number;
  /** Where there is room. */
  readonly comfortable: number;
  readonly show: (clock: ClockDifference, width: number) => Cell;
}

const nameWidth = 19;
const markWidth = 3;
const gap = 1;

/** From left to right; the last ones leave first where the screen is narrow. */
const columns: readonly Column[] = [
  {
    title: 'kernel/s',
    width: 17,
    comfortable: 17,
    show: ({ kernelEntriesPerSecond: rate }) => changeCell(rate, formatCount),
  },
  { title: 'price', width: 20, comfortable: 20, show: (clock) => priceCell(paidChange(clock)) },
  { title: 'path', width: 19, comfortable: 24, show: ({ path }, width) => pathCell(path, width) },
  { title: 'core', width: 19, comfortable: 29, show: ({ coreShare }, width) => shareCell(coreShare, width) },
];

/** Every clock before and after, each number with its mark; below, where there is room, what else changed. */
export function differenceTable(input: DifferenceTableInput): Grid {
  const { difference, selected, width } = input;
  const shown = fitting(width);
  return [
    [
      cell(fitText('    clock', nameWidth + markWidth), 'muted'),
      ...shown.map(({ title, width: room }, index) => cell(gapBefore(index) + fitText(title, room), 'muted')),
    ],
    ...clocksShown(input).map((row) => tableRow(row, row.key === selected, difference.clocks, shown)),
    ...besides(input),
  ];
}

/** The rows that have room, the chosen one among them. */
export function clocksShown(input: DifferenceTableInput): readonly ClockRow[] {
  return windowAround(input.rows, input.selected, input.height - 1 - besides(input).length);
}

/** Whether a price stands with an asterisk. */
export function hasWatchedChange({ clocks }: Difference): boolean {
  return clocks.some((clock) => paidChange(clock).watched.includes(true));
}

/** Rows for what else changed, and the height of a table from which on it has them. */
const mostBesides = 3;
const roomForBesides = 7;

/** How many rows the table has below those of the clocks, where there is room. */
export function rowsBesides({ environment }: Difference): number {
  return Math.min(1 + environment.length, mostBesides);
}

function besides({ difference, width, height }: DifferenceTableInput): Grid {
  return height < roomForBesides ? [] : elseRows(difference, width).slice(0, mostBesides);
}

/** The columns that fit, as wide as there is room. */
function fitting(width: number): readonly Column[] {
  let left = width + gap - nameWidth - markWidth;
  const kept = columns.filter(({ width: least }) => {
    left -= least + gap;
    return left >= 0;
  });
  let spare = kept.reduce((room, { width: least }) => room - least - gap, width + gap - nameWidth - markWidth);
  return kept.map((column) => {
    const more = Math.min(column.comfortable - column.width, spare);
    spare -= more;
    return { ...column, width: column.width + more };
  });
}

function gapBefore(index: number): string {
  return index === 0 ? '' : ' '.repeat(gap);
}

function tableRow(row: ClockRow, selected: boolean, clocks: readonly ClockDifference[], shown: readonly Column[]): Row {
  const clock = clocks.find(({ name }) => name === row.name);
  const { mark, tone } = differenceStatuses[clock?.verdict ?? 'cannot-tell'];
  const cells = clock === undefined ? [] : shown.map((column, index) => fitCell(column, clock, index));
  return [
    cell(`${selected ? '>' : ' '}${mark} `, tone),
    cell(fitText(row.name, nameWidth), selected ? 'accent' : tone === 'muted' ? 'muted' : 'plain'),
    ...cells,
  ];
}

function fitCell({ show, width }: Column, clock: ClockDifference, index: number): Cell {
  const { text, tone } = show(clock, width);
  return cell(gapBefore(index) + fitText(text, width), tone);
}

/** What else is not what it was, and which clocks are not in the table any more. */
function elseRows(difference: Difference, width: number): Grid {
  const { environment, clocks } = difference;
  const changed = environment.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  const names = namesOf(clocks.filter(({ verdict }) => verdict === 'changed'));
  const found = names === '' ? ` ${differenceSentence(difference)}` : ` changed: ${names}`;
  return [
    [cell(fitText(found, width), 'strong')],
    ...changed.map((text): Row => [cell(fitText(` changed too: ${text}`, width), 'plain')]),
  ];
}
