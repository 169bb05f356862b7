import type { ClockSummary, FunctionSummary } from '../model/clocks.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import { isUnavailable } from './format.ts';

/** One row of the clock table: a clock id, or a time function that takes none. */
export interface ClockRow extends Omit<ClockSummary, 'id'> {
  readonly key: string;
  /** Clock slot; undefined for a function. */
  readonly slot: number | undefined;
}

/** Clocks by id with the slow ones first, then the functions that were called; the order stays put while one looks. */
export function clockRows(report: Report): readonly ClockRow[] {
  const clocks = report.clocks.map(clockRow);
  return [
    ...clocks.filter(({ verdict }) => verdict === 'slow'),
    ...clocks.filter(({ verdict }) => verdict !== 'slow'),
    ...report.functions.filter(isWorthARow).map(functionRow),
  ];
}

/**
 * The row a person looks at first: the dearest slow one, which the headline speaks of too, else a function that enters
 * the kernel, else a clock that is read.
 */
export function firstRow(rows: readonly ClockRow[]): ClockRow | undefined {
  const having = (verdict: ClockRow['verdict']) => rows.filter((row) => row.verdict === verdict);
  const [dearest] = having('slow').toSorted((one, other) => costOf(other) - costOf(one) || rateOf(other) - rateOf(one));
  const entering = rows.find(({ slot, kernelEntries }) => slot === undefined && isSome(kernelEntries));
  return dearest ?? entering ?? having('fast')[0] ?? rows[0];
}

function costOf({ coreShare }: ClockRow): number {
  return isUnavailable(coreShare) ? 0 : coreShare.value;
}

function rateOf({ kernelEntriesPerSecond: rate }: ClockRow): number {
  return isUnavailable(rate) ? 0 : rate;
}

function clockRow(clock: ClockSummary): ClockRow {
  return { ...clock, key: `slot ${clock.id}`, slot: clock.id };
}

/** clock_gettime and clock_getres are the clocks' own rows; a function nobody calls would be noise. */
function isWorthARow({ fn, kernelEntries, fastCallsSeen }: FunctionSummary): boolean {
  if (fn === 'clock_gettime') return false;
  return isSome(kernelEntries) || isSome(fastCallsSeen);
}

function isSome(count: Known<number>): boolean {
  return !isUnavailable(count) && count > 0;
}

function functionRow(summary: FunctionSummary): ClockRow {
  return { ...summary, key: `fn ${summary.fn}`, slot: undefined };
}
