import type { ClockSummary, FunctionSummary, ReadPath } from '../../model/clocks.ts';
import type { ClockDifference, DifferenceVerdict, PriceChange } from '../../model/difference.ts';
import type { TimedCall, TimedPath } from '../../model/prices.ts';
import { isUnavailable, unavailable } from '../known.ts';
import { compareEstimates } from './compare-estimates.ts';
import { comparePaths } from './compare-paths.ts';
import type { PriceComparison } from './compare-prices.ts';
import { compareRates } from './compare-rates.ts';
import { entryRate } from './entry-rates.ts';
import { priceKey } from './price-batches.ts';
import type { Watch } from './watch.ts';

type Summary = (ClockSummary | FunctionSummary) & { readonly fn?: FunctionSummary['fn'] };

/**
 * Every clock and function that either side knows: first those that the target reads otherwise, then those that only their
 * prices changed of, else in the order of the reports.
 */
export function compareClocks(before: Watch, after: Watch, prices: PriceComparison): readonly ClockDifference[] {
  const rows = [...after.report.clocks, ...after.report.functions] as readonly Summary[];
  const earlier = [...before.report.clocks, ...before.report.functions] as readonly Summary[];
  const gone = earlier.filter(({ name }) => !rows.some((row) => row.name === name));
  const compared = [...rows, ...gone].map((row) => {
    const from = earlier.find(({ name }) => name === row.name);
    const to = rows.find(({ name }) => name === row.name);
    return compareClock({ before, after, prices }, row, from, to);
  });
  return compared.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ verdict, path, kernelEntriesPerSecond, fastCallsPerSecond, coreShare }: ClockDifference): number {
  if (verdict !== 'changed') return 2;
  const ofTheTarget = [path, kernelEntriesPerSecond, fastCallsPerSecond, coreShare];
  return ofTheTarget.some((change) => change.verdict === 'changed') ? 0 : 1;
}

interface Sides {
  readonly before: Watch;
  readonly after: Watch;
  readonly prices: PriceComparison;
}

function compareClock(
  { before, after, prices }: Sides,
  row: Summary,
  from: Summary | undefined,
  to: Summary | undefined,
): ClockDifference {
  const [fn, slot] =
    row.fn === undefined ? (['clock_gettime', (row as ClockSummary).id] as const) : ([row.fn, 0] as const);
  const counts = {
    kernelEntriesPerSecond: compareRates(entryRate(before.snapshots, fn, slot), entryRate(after.snapshots, fn, slot)),
    fastCallsPerSecond: compareEstimates(from?.fastCallsPerSecond ?? notListed, to?.fastCallsPerSecond ?? notListed),
  };
  const path = comparePaths(pathOf(from, before), pathOf(to, after), counts);
  const difference = {
    name: row.name,
    path,
    ...counts,
    prices: timedPaths(row).flatMap(({ call, clockId, path: by }) => {
      const price = prices.of(priceKey({ call, clockId, path: by }), by);
      return price === undefined ? [] : [price];
    }),
  };
  const coreShare = compareEstimates(from?.coreShare ?? notListed, to?.coreShare ?? notListed);
  const whole = { ...difference, coreShare: certain(coreShare, difference) };
  return { ...whole, verdict: verdictOf(whole) };
}

/** A core share is made of rates and prices: it changed for certain where one of them did. */
function certain(
  share: ClockDifference['coreShare'],
  { kernelEntriesPerSecond, fastCallsPerSecond, prices }: Omit<ClockDifference, 'verdict' | 'coreShare'>,
): ClockDifference['coreShare'] {
  const parts = [kernelEntriesPerSecond, fastCallsPerSecond, ...prices.map(({ p50 }) => p50)];
  if (share.verdict !== 'changed' || parts.some(({ verdict }) => verdict === 'changed')) return share;
  return { ...share, verdict: 'cannot-tell', reason: 'neither the rate nor the price is certain to have changed' };
}

const notListed = unavailable('absent', 'this clock is not in that report');

/** A clock that a report does not list was not read: it lists every clock that was, if it could see them. */
function pathOf(summary: Summary | undefined, { report }: Watch): ReadPath {
  if (summary !== undefined) return summary.path;
  return isUnavailable(report.coverage.method) ? 'unknown' : 'none';
}

function timedPaths(row: Summary) {
  const clockId = row.fn === undefined ? (row as ClockSummary).id : undefined;
  const legacy = row.fn?.startsWith('vsyscall_') === true;
  const call = (row.fn === undefined ? 'clock_gettime' : row.fn.replace('vsyscall_', '')) as TimedCall;
  const paths: readonly TimedPath[] = legacy ? ['vsyscall'] : ['vdso', 'syscall', 'libc'];
  return paths.map((path) => ({ call, clockId, path }));
}

/** What the target's reads are paid by on this path. */
const pathPrices: Readonly<Record<ReadPath, readonly TimedPath[]>> = {
  vdso: ['vdso'],
  syscall: ['syscall'],
  vsyscall: ['vsyscall'],
  mixed: ['vdso', 'syscall'],
  none: ['vdso'],
  unknown: ['vdso'],
};

/** The prices that a reader of this clock pays, before or after. */
export function paidPrices({ path, prices }: Pick<ClockDifference, 'path' | 'prices'>): readonly PriceChange[] {
  const paths = [path.before, path.after].flatMap((one) => (typeof one === 'string' ? pathPrices[one] : []));
  return prices.filter((price) => paths.includes(price.path));
}

/** Same: where whatever the target pays for is. What it does not use may be too noisy to tell. */
function verdictOf(difference: Omit<ClockDifference, 'verdict'>): DifferenceVerdict {
  const { path, kernelEntriesPerSecond, fastCallsPerSecond, prices, coreShare } = difference;
  const all = [
    ...[path, kernelEntriesPerSecond, fastCallsPerSecond, coreShare],
    ...prices.flatMap(({ p50, p99 }) => [p50, p99]),
  ];
  if (all.some(({ verdict }) => verdict === 'changed')) return 'changed';
  const needed = [path, kernelEntriesPerSecond, ...paidPrices(difference).map(({ p50 }) => p50)];
  return needed.every(({ verdict }) => verdict === 'same') ? 'same' : 'cannot-tell';
}
