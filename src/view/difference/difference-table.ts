import type { Change, ClockDifference, Difference, NumberChange, PriceChange } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import { type Cell, cell, type Grid, type Row } from '../cells.ts';
import type { ClockRow } from '../clock-rows.ts';
import { fitText } from '../fit-text.ts';
import { formatCount, formatKnown, formatNs } from '../format.ts';
import { formatSampledShare } from '../format-limits.ts';
import { windowAround } from '../window-around.ts';
import { differenceStatuses } from './change-words.ts';
import { differenceSentence, namesOf } from './difference-sentence.ts';
import { pathWord } from './metrics.ts';

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
  readonly show: (clock: ClockDifference) => Cell;
}

const nameWidth = 19;

/** From left to right; the last ones leave first where the screen is narrow. */
const columns: readonly Column[] = [
  { title: 'kernel/s', width: 17, show: ({ kernelEntriesPerSecond: rate }) => changeCell(rate, formatCount) },
  { title: 'price', width: 20, show: (clock) => priceCell(paidChange(clock)) },
  { title: 'path', width: 20, show: ({ path }) => marked(fromTo(pathWord(path.before), pathWord(path.after)), path) },
  { title: 'core', width: 19, show: ({ coreShare }) => changeCell(coreShare, formatSampledShare) },
];

/** Every clock before and after, each number with its mark; below, where there is room, what else changed. */
export function differenceTable({ difference, rows, selected, width, height }: DifferenceTableInput): Grid {
  const shown = fitting(width);
  const besides = elseRows(difference, width).slice(0, height < roomForBesides ? 0 : mostBesides);
  const visible = windowAround(rows, selected, height - 1 - besides.length);
  return [
    [
      cell(fitText('    clock', nameWidth + 3), 'muted'),
      ...shown.map(({ title, width: room }) => cell(fitText(title, room), 'muted')),
    ],
    ...visible.map((row) => tableRow(row, row.key === selected, difference.clocks, shown)),
    ...besides,
  ];
}

/** Rows for what else changed, and the height of a table from which on it has them. */
const mostBesides = 3;
const roomForBesides = 7;

function fitting(width: number): readonly Column[] {
  let left = width - nameWidth - 3;
  return columns.filter(({ width: room }) => {
    left -= room;
    return left >= 0;
  });
}

function tableRow(row: ClockRow, selected: boolean, clocks: readonly ClockDifference[], shown: readonly Column[]): Row {
  const clock = clocks.find(({ name }) => name === row.name);
  const { mark, tone } = differenceStatuses[clock?.verdict ?? 'cannot-tell'];
  const cells = clock === undefined ? [] : shown.map(({ show, width }) => fitCell(show(clock), width));
  return [
    cell(`${selected ? '>' : ' '}${mark} `, tone),
    cell(fitText(row.name, nameWidth), selected ? 'accent' : tone === 'muted' ? 'muted' : 'plain'),
    ...cells,
  ];
}

/** What the target's reads cost, each side on its own path; the vDSO's price where it makes none. */
function paidChange({ path, prices }: ClockDifference): NumberChange {
  const of = (side: unknown): PriceChange | undefined => {
    const wanted = side === 'syscall' || side === 'mixed' ? 'syscall' : side === 'vsyscall' ? 'vsyscall' : 'vdso';
    return prices.find((price) => price.path === wanted) ?? prices[0];
  };
  const [from, to] = [of(path.before), of(path.after)];
  if (from === undefined || to === undefined) return notTimed;
  return from === to ? to.p50 : { before: from.p50.before, after: to.p50.after, verdict: path.verdict };
}

const absent = { unavailable: 'absent', detail: 'it was not timed' } as const;
const notTimed: NumberChange = { before: absent, after: absent, verdict: 'cannot-tell' };

function changeCell<T extends number | Interval>(change: Change<T>, format: (value: T) => string): Cell {
  const [before, after] = [formatKnown(change.before, format), formatKnown(change.after, format)];
  return marked(fromTo(before, after), change);
}

function fromTo(before: string, after: string): string {
  return before === after ? before : `${before} → ${after}`;
}

/** A price that is absent was not timed in that stretch: 'absent' would leave open what is. */
function priceCell(change: NumberChange): Cell {
  const { text, ...rest } = changeCell(change, formatNs);
  return { ...rest, text: text.replaceAll('absent', 'untimed') };
}

function marked(text: string, { verdict }: Pick<Change<unknown>, 'verdict'>): Cell {
  const { mark, tone } = differenceStatuses[verdict];
  return cell(`${mark} ${text}`, tone);
}

function fitCell({ text, tone }: Cell, width: number): Cell {
  return cell(fitText(text, width - 1).padEnd(width), tone);
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
