import type { ClockSlot } from '../model/clock-calls.ts';
import type { ClockPage } from '../model/clock-page.ts';
import type { HostFacts } from '../model/host.ts';
import type { PriceNs } from '../model/prices.ts';
import type { Known, Reading } from '../model/reading.ts';
import { CLOCKS, clockEntry, neverInVdso, slotName } from './clock-table.ts';
import { isUnavailable, known, unavailable } from './known.ts';
import { type Prices, unwatchedPrice } from './prices.ts';

/** Whether the vDSO of vdsotop's own process serves a clock, with the prices that say so. */
export interface ServedClock {
  readonly slot: ClockSlot;
  readonly name: string;
  readonly served: boolean;
  readonly vdsoNs?: number;
  readonly syscallNs?: number;
}

/** The vDSO of this host as our own process finds it, clock by clock. */
export type VdsoService = (slot: ClockSlot) => Known<ServedClock>;

/** Batches of each path for their spread to be known, and for a pair taken now to be preferred to that of the start. */
const enoughBatches = 3;
/** A vDSO call at half the price of the syscall or less did not make that syscall: of its cheapest batches, as others only add. */
const clearlyFaster = 0.5;

/** By prices; where the clock data page is known, its mode 'none' says of every precise clock that it is not served. */
export function measureService(prices: Prices, host: HostFacts, page?: Reading<ClockPage>): VdsoService {
  const noneServed = page !== undefined && 'value' in page && page.value.clockMode === 'none';
  const ownMappings = known(host.ownMappings);
  const hasNoVdso = !isUnavailable(ownMappings) && !ownMappings.some(({ name }) => name === '[vdso]');
  const isUnserved = (slot: ClockSlot) => {
    const clock = clockEntry(slot);
    return neverInVdso(clock) || (noneServed && clock.kind === 'precise');
  };
  return (slot) =>
    hasNoVdso ? { slot, name: slotName(slot), served: false } : measureClock(prices, slot, isUnserved(slot));
}

/** The clocks a healthy vDSO reads from the counter, as measured here. */
export function measuredPrecise(service: VdsoService): Known<readonly ServedClock[]> {
  const measured = CLOCKS.filter(({ kind }) => kind === 'precise').map(({ slot }) => service(slot));
  const told = measured.filter((clock): clock is ServedClock => !isUnavailable(clock));
  return told.length > 0 ? told : (measured.find(isUnavailable) ?? unavailable('absent', 'no precise clock was timed'));
}

/** Prices on a host that is busy or emulated may say anything of a clock that is known not to be served. */
function measureClock(prices: Prices, slot: ClockSlot, isUnserved: boolean): Known<ServedClock> {
  const pair = pricePair(prices, slot);
  if (pair === undefined) return unavailable('absent', `${slotName(slot)} was not timed both by vDSO and by syscall`);
  const { vdso, syscall, floor } = pair;
  const served = isUnserved ? false : isServed(vdso, syscall, floor);
  if (served === undefined)
    return unavailable('failed', `the prices of ${slotName(slot)} by vDSO and by syscall are too close to tell apart`);
  return { slot, name: slotName(slot), served, vdsoNs: vdso.p50, syscallNs: syscall.p50 };
}

interface PricePair {
  readonly vdso: PriceNs;
  readonly syscall: PriceNs;
  /** What entering and leaving the kernel costs by itself. */
  readonly floor: PriceNs | undefined;
}

/**
 * Both paths priced under the same conditions: now where timed often enough, else before the counters were attached.
 */
function pricePair(prices: Prices, clockId: ClockSlot): PricePair | undefined {
  for (const price of [prices.watched, prices.unwatched]) {
    const vdso = price({ call: 'clock_gettime', clockId, path: 'vdso' });
    const syscall = price({ call: 'clock_gettime', clockId, path: 'syscall' });
    const enough = price === prices.unwatched ? 1 : enoughBatches;
    if (vdso === undefined || syscall === undefined || Math.min(vdso.batches, syscall.batches) < enough) continue;
    return { vdso, syscall, floor: price({ call: 'null_syscall', path: 'syscall' }) };
  }
  return undefined;
}

/**
 * A call that is not served makes the same syscall after all and costs no less; one that is served saves what entering
 * the kernel costs. Where the counter itself is dear both are dear, and only the difference tells: it must lie on one
 * side of half that cost by three standard errors.
 */
function isServed(vdso: PriceNs, syscall: PriceNs, floor: PriceNs | undefined): boolean | undefined {
  if (vdso.p50 <= clearlyFaster * syscall.p10) return true;
  if (floor === undefined || Math.min(vdso.batches, syscall.batches) < enoughBatches) return undefined;
  const saved = syscall.p50 - vdso.p50;
  const error = 3 * Math.hypot(errorOfMedian(vdso), errorOfMedian(syscall));
  if (saved - error > floor.p50 / 2) return true;
  return saved + error < floor.p50 / 2 ? false : undefined;
}

/** Of normally spread batches: 10 % to 90 % spans 2.56 standard deviations, and a median errs 1.25 times a mean. */
function errorOfMedian({ p10, p90, batches }: PriceNs): number {
  return ((p90 - p10) / 2.56) * (1.25 / Math.sqrt(batches));
}

/** Price of entering and leaving the kernel, unwatched. */
export function nullSyscallPrice(prices: Prices): Known<PriceNs> {
  return unwatchedPrice(prices, { call: 'null_syscall', path: 'syscall' });
}
