import type { Frame, Known, PriceNs, ReadPath, Report } from '../model.ts';
import { type Cell, cell, type Grid, type Row } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import type { Drawing } from './drawing.ts';
import { fitText } from './fit-text.ts';
import {
  formatCount,
  formatEstimate,
  formatKnown,
  formatNs,
  formatRatio,
  formatShare,
  isUnavailable,
} from './format.ts';
import { curveOf, resample } from './resample.ts';
import { clockStatuses, type Tone } from './tones.ts';

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

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly show: (row: ClockRow, context: Context, width: number) => Cell;
}

interface Context {
  readonly exact: boolean;
  readonly series: Frame['series'];
  readonly drawing: Drawing | undefined;
}

/** How long a sparkline looks back. */
const sparklineSeconds = 60;
const sparklineLeast = 8;
const nameLeast = 16;
const nameMost = 22;

const pathWords: Readonly<Record<ReadPath, string>> = {
  vdso: 'vDSO',
  syscall: 'syscall',
  vsyscall: 'vsyscall',
  mixed: 'mixed',
  none: 'none',
  unknown: '?',
};

const pathTones: Readonly<Record<ReadPath, Tone>> = {
  vdso: 'good',
  syscall: 'bad',
  vsyscall: 'bad',
  mixed: 'warn',
  none: 'muted',
  unknown: 'unknown',
};

/** Whether the counts of this report are whole, so that they may stand without '≈'. */
export function countsAreExact({ coverage }: Report): boolean {
  return coverage.entriesCounted === 1;
}

/** Heading and rows, the selected one in sight. */
export function clockTable(input: ClockTableInput): Grid {
  const columns = chooseColumns(input);
  const context: Context = { exact: countsAreExact(input.report), series: input.series, drawing: input.drawing };
  const shown = windowAround(input.rows, input.selected, input.height - 1);
  return [
    columns.map(({ title, width, align }) => cell(`${fitText(title, width, align)} `, 'muted')),
    ...shown.map((row) => tableRow(row, row.key === input.selected, columns, context)),
  ];
}

function tableRow(row: ClockRow, selected: boolean, columns: readonly Column[], context: Context): Row {
  return columns.map((column, index) => {
    const { text, tone } = column.show(row, context, column.width);
    const marked = index === 0 && selected ? `>${text.slice(1)}` : text;
    return cell(`${fitText(marked, column.width, column.align)} `, toneIn(row, selected, index, tone));
  });
}

/** The whole selected row is brighter, and a row that nothing was read from is dimmer. */
function toneIn(row: ClockRow, selected: boolean, index: number, tone: Tone): Tone {
  if (selected && index <= 1) return 'accent';
  if (selected && (tone === 'plain' || tone === 'muted')) return 'strong';
  return row.verdict === 'idle' && tone === 'plain' ? 'muted' : tone;
}

/**
 * The columns that fit, in the order they are shown. They are taken in the order of their importance; what is then
 * left goes to the sparkline, and without one to the name.
 */
function chooseColumns({ width, drawing, rows }: ClockTableInput): readonly Column[] {
  const narrow = width < 80;
  const nsWidth = rows.some(({ ns }) => ns.syscall?.taken === 'watched' || ns.vdso?.taken === 'watched') ? 8 : 7;
  const table = columnTable(narrow, nsWidth);
  const always = ['mark', 'name', 'path', 'entries', 'syscall', 'vdso', 'core'] as const;
  const optional = [
    'speedup',
    'spark',
    'ofCpu',
    'verdict',
    'libc',
    'total',
    'syscallSpread',
    'vdsoSpread',
    'fast',
  ] as const;
  const taken = new Set<keyof typeof table>(always);
  let left = width + 1 - widthOf(always.map((id) => table[id]));
  for (const id of optional) {
    const least = id === 'spark' ? sparklineLeast : table[id].width;
    if ((id === 'spark' && drawing === undefined) || least + 1 > left) continue;
    taken.add(id);
    left -= least + 1;
  }
  const name = Math.min(nameLeast + left, nameMost);
  const spark = Math.min(sparklineLeast + left - (name - nameLeast), sparklineSeconds);
  const widths: Readonly<Record<string, number>> = { name, spark };
  return (Object.keys(table) as (keyof typeof table)[])
    .filter((id) => taken.has(id))
    .map((id) => ({ ...table[id], width: widths[id] ?? table[id].width }));
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + 1, 0);
}

/** Every column, in the order they stand in. */
function columnTable(narrow: boolean, nsWidth: number) {
  const column = (title: string, width: number, align: Column['align'], show: Column['show']): Column => ({
    title,
    width,
    align,
    show,
  });
  return {
    mark: column('  id', 4, 'left', showMark),
    name: column('clock', nameLeast, 'left', (row) => showName(row, narrow)),
    verdict: column('', 4, 'left', showVerdict),
    path: column('path', narrow ? 7 : 8, 'left', ({ path }) => cell(pathWords[path], pathTones[path])),
    entries: column(narrow ? 'kern/s' : 'kernel/s', narrow ? 6 : 8, 'right', showEntries),
    total: column('entries', 7, 'right', ({ kernelEntries }, { exact }) => count(kernelEntries, exact)),
    fast: column('vDSO/s', 7, 'right', showFast),
    vdso: column('vDSO', nsWidth, 'right', ({ ns }) => price(ns.vdso)),
    vdsoSpread: column('p10–p90', 12, 'right', ({ ns }) => spread(ns.vdso)),
    syscall: column('syscall', nsWidth, 'right', ({ ns }) => price(ns.syscall)),
    syscallSpread: column('p10–p90', 12, 'right', ({ ns }) => spread(ns.syscall)),
    libc: column('libc', nsWidth, 'right', ({ ns }) => price(ns.libc)),
    speedup: column('speedup', 7, 'right', ({ speedup }) => known(speedup, formatRatio)),
    core: column('core', 7, 'right', ({ coreShare }) => known(coreShare, ({ value }) => formatShare(value))),
    ofCpu: column('of CPU', 7, 'right', ({ targetCpuShare }) => known(targetCpuShare, formatShare)),
    spark: column('kernel/s, last 60 s', sparklineLeast, 'left', showSparkline),
  } as const;
}

function showMark({ slot, verdict }: ClockRow): Cell {
  const status = verdict && clockStatuses[verdict];
  return cell(` ${status?.mark ?? ' '}${String(slot ?? '').padStart(2)}`, status?.tone ?? 'plain');
}

/** 'THREAD_CPUTIME' says as much as 'THREAD_CPUTIME_ID' where room is short. */
function showName({ name, verdict }: ClockRow, narrow: boolean): Cell {
  return cell(narrow ? name.replace(/_CPUTIME_ID$/, '_CPUTIME') : name, verdict === 'slow' ? 'strong' : 'plain');
}

function showVerdict({ verdict }: ClockRow): Cell {
  const status = verdict && clockStatuses[verdict];
  return cell(status?.word ?? '', status?.tone ?? 'plain');
}

function showEntries({ kernelEntriesPerSecond }: ClockRow, { exact }: Context): Cell {
  return count(kernelEntriesPerSecond, exact);
}

function showFast({ fastCallsPerSecond }: ClockRow): Cell {
  return known(fastCallsPerSecond, ({ value }) => formatEstimate(value));
}

function showSparkline({ slot }: ClockRow, { series, drawing }: Context, width: number): Cell {
  const points = series.find((one) => one.slot === slot)?.points ?? [];
  return cell(drawing === undefined ? '' : sparkOf(points, drawing, width), 'accent');
}

function sparkOf(points: Frame['series'][number]['points'], { sparkline }: Drawing, width: number): string {
  const values = resample(curveOf(points, 'kernelEntriesPerSecond'), width, sparklineSeconds);
  return values.every((value) => value === null) ? '' : sparkline(values, width);
}

function known<T>(value: Known<T>, format: (value: T) => string): Cell {
  return cell(formatKnown(value, format), isUnavailable(value) ? 'unknown' : 'plain');
}

function count(value: Known<number>, exact: boolean): Cell {
  const shown = known(value, exact ? formatCount : formatEstimate);
  return value === 0 ? cell(shown.text, 'muted') : shown;
}

/** A price that was taken while counters were armed carries an asterisk: it is dearer than the read alone. */
function price(ns: PriceNs | undefined): Cell {
  if (ns === undefined) return cell('–', 'muted');
  return cell(formatNs(ns.p50) + (ns.taken === 'watched' ? '*' : ''));
}

function spread(ns: PriceNs | undefined): Cell {
  return ns === undefined
    ? cell('', 'muted')
    : cell(`${formatNs(ns.p10).replace(/ .*/, '')}–${formatNs(ns.p90)}`, 'muted');
}

/** At most `height` rows with the selected one among them. */
function windowAround(rows: readonly ClockRow[], selected: string | undefined, height: number): readonly ClockRow[] {
  const at = Math.max(
    rows.findIndex(({ key }) => key === selected),
    0,
  );
  const first = Math.min(Math.max(at - Math.floor(height / 2), 0), Math.max(rows.length - height, 0));
  return rows.slice(first, first + Math.max(height, 0));
}
