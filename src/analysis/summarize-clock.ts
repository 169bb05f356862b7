import type { EntryFunction } from '../model/clock-calls.ts';
import type { ClockSummary, FunctionSummary } from '../model/clocks.ts';
import type { Interval } from '../model/interval.ts';
import type { PriceNs, TimedCall, TimedPath } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import type { ClockRead } from './clock-read.ts';
import { judgeRead, pathOf, type Sight } from './judge-reads.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import { currentPrice, type Priced, type Prices, unwatchedPrice } from './prices.ts';
import { shareOfTarget } from './share-of-target.ts';
import { addIntervals } from './statistics.ts';

export function summarizeClock(basis: Basis, read: ClockRead, sight: Sight): ClockSummary {
  return { id: read.slot, ...summarizeRead(basis, read, sight, { call: 'clock_gettime', clockId: read.slot }) };
}

export function summarizeFunction(basis: Basis, read: ClockRead, sight: Sight): FunctionSummary {
  return { fn: read.fn, tellsTime: read.tellsTime, ...summarizeRead(basis, read, sight, timedAs[read.fn]) };
}

/** How a way to read is timed; undefined where it is not. */
interface Timed {
  readonly call: TimedCall;
  readonly clockId?: number;
  readonly legacy?: boolean;
}

const timedAs: { readonly [F in EntryFunction]?: Timed } = {
  gettimeofday: { call: 'gettimeofday' },
  time: { call: 'time' },
  getcpu: { call: 'getcpu' },
  clock_getres: { call: 'clock_getres' },
  vsyscall_gettimeofday: { call: 'gettimeofday', legacy: true },
  vsyscall_time: { call: 'time', legacy: true },
  vsyscall_getcpu: { call: 'getcpu', legacy: true },
};

function summarizeRead(
  basis: Basis,
  read: ClockRead,
  sight: Sight,
  timed: Timed | undefined,
): Omit<ClockSummary, 'id'> {
  const coreShare = wholeCoreShare(basis, read);
  return {
    name: read.name,
    kernelEntries: read.entries,
    kernelEntriesPerSecond: read.perSecond,
    fastCallsPerSecond: read.fastCalls,
    fastCallsSeen: read.hits,
    ns: timed === undefined ? {} : pricesOf(basis.prices, timed),
    speedup: speedupOf(basis.prices, read, timed),
    coreShare,
    fastCoreShare: read.fastCoreShare,
    ...(read.disagreement !== undefined && { probesDisagree: read.disagreement }),
    targetCpuShare: shareOfTarget(basis, coreShare),
    path: pathOf(read, sight),
    servedByVdso: mapKnown(read.served, ({ served }) => served),
    verdict: judgeRead(read, sight),
  };
}

/**
 * Kernel entries and the fast path. Where nothing tells of the fast path the entries alone, if there are any to tell; and
 * not known where something is spent in the vDSO of which a part may be this clock's.
 */
function wholeCoreShare({ fastPath: { time } }: Basis, { fn, coreShare, fastCoreShare }: ClockRead): Known<Interval> {
  if (isUnavailable(coreShare)) return coreShare;
  if (!isUnavailable(fastCoreShare)) return addIntervals([coreShare, fastCoreShare]);
  if (fn.startsWith('vsyscall_')) return coreShare;
  const mayHavePart = !isUnavailable(time) && time.vdso.low > 0;
  return mayHavePart || coreShare.value === 0 ? fastCoreShare : coreShare;
}

/**
 * The price of a path that enters the kernel is the unwatched one where there is one, because that is what cost is made
 * of; the price of a fast path is that of now.
 */
function pricesOf(prices: Prices, { call, clockId, legacy = false }: Timed): ClockSummary['ns'] {
  const ns: { [P in TimedPath]?: PriceNs } = {};
  const paths: readonly TimedPath[] = legacy ? ['vsyscall'] : ['vdso', 'syscall', 'libc'];
  for (const path of paths) {
    const what: Priced = { call, clockId, path };
    const entersKernel = path === 'syscall' || path === 'vsyscall';
    const price = entersKernel ? (prices.unwatched(what) ?? prices.watched(what)) : currentPrice(prices, what);
    if (price !== undefined) ns[path] = price;
  }
  return ns;
}

function speedupOf(prices: Prices, { name, price }: ClockRead, timed: Timed | undefined): Known<number> {
  if (timed === undefined) return unavailable('unsupported', `${name} is not timed`);
  if (timed.legacy)
    return unavailable('unsupported', 'a legacy vsyscall is no syscall and has no vDSO path of its own');
  const { call, clockId } = timed;
  const vdso = unwatchedPrice(prices, { call, clockId, path: 'vdso' });
  const syscall = unwatchedPrice(prices, { call, clockId, path: 'syscall' });
  if (isUnavailable(vdso)) return vdso;
  if (isUnavailable(syscall)) return syscall;
  if (isUnavailable(price)) return price;
  return vdso.p50 > 0 ? syscall.p50 / vdso.p50 : unavailable('failed', 'the vDSO price is below what can be timed');
}
