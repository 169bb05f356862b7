import type { ReadPath } from '../model/clocks.ts';
import type { Frame } from '../model/frame.ts';
import { type Cell, cell } from './cells.ts';
import { type ColumnCell, count, isDearer, known, narrowPrice, price, priceWidth, spread } from './clock-cells.ts';
import type { ClockRow } from './clock-rows.ts';
import type { Drawing } from './drawing.ts';
import { placesPerColumn } from './drawing.ts';
import { hasLimits, showCoreShare, showCpuShare, showFast, showFastAlone, showFastBounds } from './estimate-cells.ts';
import { markSparkline } from './event-marks.ts';
import { formatRatio, isUnavailable } from './format.ts';
import { textWidth } from './printable.ts';
import { curveOf, resample } from './resample.ts';
import { clockStatus, type Tone } from './tones.ts';

/** What a column needs besides its row. */
export interface ColumnContext {
  /** False puts '≈' before every count. */
  readonly exact: boolean;
  readonly series: Frame['series'];
  /** Moments to mark on sparklines, milliseconds since the Unix epoch. */
  readonly marks: readonly number[];
  /** Undefined draws no sparklines. */
  readonly drawing: Drawing | undefined;
}

export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly show: (row: ClockRow, context: ColumnContext, width: number) => ColumnCell;
}

/** How long a sparkline looks back. */
const sparklineSeconds = 60;
/** Columns of a sparkline: fewer say nothing, as many are comfortable, more than one a second would be padding. */
const sparkline = { least: 8, comfortable: 24, most: sparklineSeconds };
const name = { least: 16, most: 22 };
/** Below this the table says in fewer and shorter columns what it must. */
const narrow = 80;

/** From here on there is room to say of a mixed path which two it is. */
const pathsInWords = 100;

const pathWords: Readonly<Record<ReadPath, readonly [string, Tone]>> = {
  vdso: ['vDSO', 'good'],
  syscall: ['syscall', 'bad'],
  vsyscall: ['vsyscall', 'bad'],
  mixed: ['mixed', 'warn'],
  none: ['none', 'muted'],
  unknown: ['?', 'unknown'],
};
const mixedInWords = 'vDSO+kernel';
/** What a share may take where there is room for words: limits far apart. */
const coreLimits = '0.12–7.1 %';

/** Columns that never leave, and the others in the order in which they come as the screen grows. */
const always = ['mark', 'name', 'path', 'entries', 'vdso', 'syscall', 'core'] as const;
const comforts = ['fast', 'spark', 'ofCpu', 'verdict', 'fastBounds'] as const;
const luxuries = ['speedup', 'libc', 'total', 'syscallSpread', 'vdsoSpread'] as const;

/** The columns that fit into `width`, as they stand from left to right; what is left widens sparkline and names. */
export function chooseColumns(rows: readonly ClockRow[], width: number, sparklines: boolean): readonly Column[] {
  const table = columnTable(width);
  const estimated = rows.some(({ fastCallsPerSecond }) => !isUnavailable(fastCallsPerSecond));
  const unwanted = new Set<string>([
    ...(sparklines ? [] : ['spark']),
    ...(estimated ? [] : ['fast']),
    ...(rows.some(hasLimits) ? [] : ['fastBounds']),
    // On the narrowest screen how many calls there are says more than what one costs.
    ...(estimated && width < narrow ? ['vdso'] : []),
  ]);
  const kept = always.filter((id) => !unwanted.has(id));
  const taken = new Set<string>(kept);
  let left = width + 1 - kept.reduce((sum, id) => sum + table[id].width + 1, 0);
  const take = (ids: readonly (keyof typeof table)[], reserve: number) => {
    for (const id of ids) {
      if (unwanted.has(id) || table[id].width + 1 > left - reserve) continue;
      taken.add(id);
      left -= table[id].width + 1;
    }
  };
  take(comforts, 0);
  take(luxuries, sparkline.comfortable - sparkline.least + name.most - name.least);
  const wider = Math.min(left, name.most - name.least);
  const widths: Readonly<Record<string, number>> = {
    name: name.least + wider,
    spark: Math.min(sparkline.least + left - wider, sparkline.most),
  };
  const shown = taken.has('fastBounds') ? table : { ...table, fast: { ...table.fast, show: showFastAlone } };
  const ids = (Object.keys(table) as (keyof typeof table)[]).filter((id) => taken.has(id));
  return ids.map((id) => ({ ...shown[id], width: widths[id] ?? table[id].width }));
}

/** Whether a price of the row stands with an asterisk. */
export function hasWatchedPrice({ ns, servedByVdso }: ClockRow): boolean {
  return isDearer(ns.syscall) || (servedByVdso !== true && isDearer(ns.vdso));
}

/** Every column, in the order they stand in. */
function columnTable(available: number) {
  const isNarrow = available < narrow;
  const inWords = available >= pathsInWords;
  const priced = inWords ? price : narrowPrice;
  const column = (title: string, width: number, align: Column['align'], show: Column['show']): Column => ({
    title,
    width,
    align,
    show,
  });
  return {
    mark: column('  id', 4, 'left', showMark),
    name: column('clock', name.least, 'left', showName),
    verdict: column('', 4, 'left', showVerdict),
    path: column('path', isNarrow ? 7 : inWords ? mixedInWords.length : 8, 'left', ({ path }) =>
      path === 'mixed' && inWords ? cell(mixedInWords, 'warn') : cell(...pathWords[path]),
    ),
    fast: column('vDSO/s', isNarrow ? 6 : 7, 'right', showFast),
    fastBounds: column('from–to', 11, 'right', showFastBounds),
    entries: column(isNarrow ? 'kern/s' : 'kernel/s', isNarrow ? 6 : 8, 'right', showEntries),
    total: column('entries', 7, 'right', ({ kernelEntries }, { exact }) => count(kernelEntries, exact)),
    vdso: column('vDSO', priceWidth, 'right', ({ ns, servedByVdso }) => priced(ns.vdso, servedByVdso !== true)),
    vdsoSpread: column('p10–p90', 13, 'right', ({ ns }) => spread(ns.vdso)),
    // An asterisk stands in the gap behind a price: where there is room, another gap is left behind that.
    syscall: column('syscall', priceWidth + (inWords ? 1 : 0), 'right', ({ ns }) => priced(ns.syscall)),
    syscallSpread: column('p10–p90', 13, 'right', ({ ns }) => spread(ns.syscall)),
    libc: column('libc', priceWidth, 'right', ({ ns, servedByVdso }) => priced(ns.libc, servedByVdso !== true)),
    speedup: column('speedup', 7, 'right', showSpeedup),
    core: column('core', inWords ? coreLimits.length : 7, 'right', showCoreShare),
    ofCpu: column('of CPU', 7, 'right', showCpuShare),
    spark: column('60 s', sparkline.least, 'left', showSparkline),
  } as const;
}

function showMark(row: ClockRow): Cell {
  const { mark, tone } = clockStatus(row);
  return cell(` ${mark}${idOf(row.slot).padStart(2)}`, tone);
}

/** From here on slots are numbers of our own, for clocks without a fixed id (ClockSlot). */
const firstOwnSlot = 32;

function idOf(slot: number | undefined): string {
  if (slot === undefined) return '';
  return slot >= firstOwnSlot ? '–' : String(slot);
}

/** Where room is short: 'THREAD_CPUTIME' says as much as the whole, and the path says what went by vsyscall. */
function showName(row: ClockRow, _context: ColumnContext, width: number): Cell {
  const text =
    textWidth(row.name) > width ? row.name.replace(/_CPUTIME_ID$/, '_CPUTIME').replace(/ by vsyscall$/, '') : row.name;
  return cell(text, row.verdict === 'slow' ? 'strong' : 'plain');
}

function showVerdict(row: ClockRow): Cell {
  const { word, tone } = clockStatus(row);
  return cell(word, tone);
}

function showEntries({ kernelEntriesPerSecond }: ClockRow, { exact }: ColumnContext): Cell {
  return count(kernelEntriesPerSecond, exact);
}

/** A path that was not timed has a dash for its price already, and no ratio either. */
function showSpeedup({ speedup, ns }: ClockRow): Cell {
  return ns.vdso === undefined || ns.syscall === undefined ? cell('–', 'muted') : known(speedup, formatRatio);
}

/** Kernel entries a second over the last minute; a clock that was never counted has no curve. */
function showSparkline({ slot }: ClockRow, { series, drawing, marks }: ColumnContext, width: number): Cell {
  const points = series.find((one) => one.slot === slot)?.points ?? [];
  const values = resample(curveOf(points, 'kernelEntriesPerSecond'), width * placesPerColumn, sparklineSeconds);
  const known = values.filter((value) => value !== null);
  if (drawing === undefined || known.length === 0) return cell('');
  const curve = markSparkline(drawing.sparkline(values, width), marks, {
    newestMs: points.at(-1)?.atMs ?? 0,
    seconds: sparklineSeconds,
  });
  return cell(curve, known.some((value) => value > 0) ? 'accent' : 'muted');
}
