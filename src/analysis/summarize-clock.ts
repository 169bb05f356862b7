import type { ClockSummary, FunctionSummary, Known, PriceNs, TimedCall, TimedPath, Unavailable } from '../model.ts';
import type { Basis } from './basis.ts';
import type { ClockRead } from './clock-read.ts';
import { shareOfTarget } from './impact.ts';
import { judgeRead, pathOf, type Sight } from './judge-reads.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import { currentPrice, type Priced, type Prices, unwatchedPrice } from './prices.ts';

const notCounted: Unavailable = unavailable('unsupported', 'vDSO calls are witnessed, not yet counted');

export function summarizeClock(basis: Basis, read: ClockRead, sight: Sight): ClockSummary {
  return {
    id: read.slot,
    name: read.name,
    kernelEntries: read.entries,
    kernelEntriesPerSecond: read.perSecond,
    fastCallsPerSecond: notCounted,
    fastCallsSeen: read.hits,
    ns: pricesOf(basis.prices, 'clock_gettime', read.slot, ['vdso', 'syscall', 'libc']),
    speedup: speedupOf(basis.prices, read),
    coreShare: read.coreShare,
    targetCpuShare: shareOfTarget(
      mapKnown(read.coreShare, ({ value }) => value),
      basis.cpuCores,
    ),
    path: pathOf(read, sight),
    servedByVdso: mapKnown(read.served, ({ served }) => served),
    verdict: judgeRead(read, sight),
  };
}

export function summarizeFunction({ prices }: Basis, read: ClockRead): FunctionSummary {
  const legacy = read.fn.startsWith('vsyscall_');
  const call = functionCalls[legacy ? read.fn.slice('vsyscall_'.length) : read.fn];
  return {
    fn: read.fn,
    kernelEntries: read.entries,
    kernelEntriesPerSecond: read.perSecond,
    fastCallsSeen: read.hits,
    ns:
      call === undefined ? {} : pricesOf(prices, call, undefined, legacy ? ['vsyscall'] : ['vdso', 'syscall', 'libc']),
    coreShare: read.coreShare,
  };
}

const functionCalls: Readonly<Record<string, TimedCall>> = {
  gettimeofday: 'gettimeofday',
  time: 'time',
  getcpu: 'getcpu',
};

/**
 * The price of a path that enters the kernel is the unwatched one where there is one, because that is what cost is made
 * of; the price of a fast path is that of now.
 */
function pricesOf(
  prices: Prices,
  call: TimedCall,
  clockId: number | undefined,
  paths: readonly TimedPath[],
): ClockSummary['ns'] {
  const ns: { [P in TimedPath]?: PriceNs } = {};
  for (const path of paths) {
    const what: Priced = { call, clockId, path };
    const entersKernel = path === 'syscall' || path === 'vsyscall';
    const price = entersKernel ? (prices.unwatched(what) ?? prices.watched(what)) : currentPrice(prices, what);
    if (price !== undefined) ns[path] = price;
  }
  return ns;
}

function speedupOf(prices: Prices, { slot: clockId, price }: ClockRead): Known<number> {
  const vdso = unwatchedPrice(prices, { call: 'clock_gettime', clockId, path: 'vdso' });
  const syscall = unwatchedPrice(prices, { call: 'clock_gettime', clockId, path: 'syscall' });
  if (isUnavailable(vdso)) return vdso;
  if (isUnavailable(syscall)) return syscall;
  if (isUnavailable(price)) return price;
  return vdso.p50 > 0 ? syscall.p50 / vdso.p50 : unavailable('failed', 'the vDSO price is below what can be timed');
}
