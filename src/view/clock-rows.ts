import type { ClockSummary, FunctionSummary, Interval, Known, PriceNs, Report, TimedPath } from '../model.ts';
import { isUnavailable } from './format.ts';

/** One row of the clock table: a clock id, or a time function that takes none. */
export interface ClockRow {
  readonly key: string;
  /** Clock slot; undefined for a function. */
  readonly slot: number | undefined;
  readonly name: string;
  /** Undefined for a function: the report judges clocks, and the path says where a function's calls went. */
  readonly verdict: ClockSummary['verdict'] | undefined;
  readonly path: ClockSummary['path'];
  readonly kernelEntriesPerSecond: Known<number>;
  readonly kernelEntries: Known<number>;
  readonly fastCallsPerSecond: Known<Interval>;
  readonly fastCallsSeen: Known<number>;
  /** Whether this host's vDSO serves it, so that reading it there takes no syscall. */
  readonly servedByVdso: Known<boolean>;
  readonly ns: { readonly [P in TimedPath]?: PriceNs };
  readonly speedup: Known<number>;
  readonly coreShare: Known<Interval>;
  readonly targetCpuShare: Known<number>;
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
 * The row a person looks at first: the slow clock that the report's findings begin with, else any slow one, else a
 * function that enters the kernel, else a clock that is read.
 */
export function firstRow(rows: readonly ClockRow[], { findings }: Report): ClockRow | undefined {
  const having = (verdict: ClockRow['verdict']) => rows.filter((row) => row.verdict === verdict);
  const slow = having('slow');
  const named = findings.map(({ clock }) => slow.find(({ name }) => name === clock)).find((row) => row !== undefined);
  const entering = rows.find(({ slot, path }) => slot === undefined && path !== 'vdso');
  return named ?? slow[0] ?? entering ?? having('fast')[0] ?? rows[0];
}

function clockRow(clock: ClockSummary): ClockRow {
  return { ...clock, key: `slot ${clock.id}`, slot: clock.id };
}

/** clock_gettime and clock_getres are the clocks' own rows; a function nobody calls would be noise. */
function isWorthARow({ fn, kernelEntries, fastCallsSeen }: FunctionSummary): boolean {
  if (fn === 'clock_gettime') return false;
  const seen = (count: Known<number>) => !isUnavailable(count) && count > 0;
  return seen(kernelEntries) || seen(fastCallsSeen);
}

function functionRow(summary: FunctionSummary): ClockRow {
  const entered = !isUnavailable(summary.kernelEntries) && summary.kernelEntries > 0;
  const fast = !isUnavailable(summary.fastCallsSeen) && summary.fastCallsSeen > 0;
  const legacy = summary.fn.startsWith('vsyscall_');
  return {
    ...summary,
    key: `fn ${summary.fn}`,
    slot: undefined,
    name: `${summary.fn}()`,
    verdict: undefined,
    servedByVdso: { unavailable: 'unsupported', detail: 'judged for clocks only' },
    path: entered && fast ? 'mixed' : pathOf(entered, legacy),
    fastCallsPerSecond: { unavailable: 'unsupported', detail: 'not estimated for functions without a clock id' },
    speedup: speedupOf(summary.ns),
    targetCpuShare: { unavailable: 'unsupported', detail: 'not computed for functions without a clock id' },
  };
}

function pathOf(entered: boolean, legacy: boolean): ClockSummary['path'] {
  if (!entered) return 'vdso';
  return legacy ? 'vsyscall' : 'syscall';
}

function speedupOf({ vdso, syscall }: FunctionSummary['ns']): Known<number> {
  const timed = vdso?.taken === 'unwatched' && syscall?.taken === 'unwatched' && vdso.p50 > 0;
  if (!timed) return { unavailable: 'absent', detail: 'needs both paths timed while nothing was counted' };
  return syscall.p50 / vdso.p50;
}
