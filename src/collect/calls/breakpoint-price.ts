import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { errnoName } from '../../native/errno-name.ts';
import { nativeLibrary } from '../../native.ts';
import { available, unavailable } from '../reading.ts';

/** What one hit of a breakpoint takes from a thread, nanoseconds. */
export interface BreakpointPrice {
  /** With registers and stack. */
  readonly caughtNs: Reading<number>;
  /** Counted only. */
  readonly countedNs: Reading<number>;
}

/** Enough to even out single hits … */
const hits = 32;
/** … and the middle one of so many rounds, one millisecond in all, as one is sometimes disturbed: 11 µs were seen for 8. */
const rounds = 3;

/**
 * Measured on our own thread and vDSO. 'unsupported' where breakpoints can be set and are never hit, as in a guest whose
 * hypervisor does not serve the debug registers (seen in a PVM guest, Linux 6.18): whoever sets one there sees no call, and
 * knows nothing of how many there were.
 */
export function priceBreakpoint(own: Reading<VdsoImage>): BreakpointPrice {
  if ('unavailable' in own) return { caughtNs: own, countedNs: own };
  const symbol = own.value.symbols.find(({ name }) => /^__(vdso|kernel)_clock_gettime$/.test(name));
  const address = symbol && Number.parseInt(own.value.base, 16) + symbol.offset;
  return { caughtNs: priceAt(address, true), countedNs: priceAt(address, false) };
}

function priceAt(address: number | undefined, caught: boolean): Reading<number> {
  if (address === undefined) return unavailable('absent', 'our own vDSO has no clock_gettime to set a breakpoint on');
  const prices: number[] = [];
  const price = new Float64Array(1);
  let result = 0;
  for (let round = 0; round < rounds && result >= 0; round += 1) {
    result = nativeLibrary().vt_breakpoint_price(address, hits, caught ? 1 : 0, price);
    prices.push(price[0] ?? 0);
  }
  if (errnoName(result) === 'ENODATA')
    return unavailable(
      'unsupported',
      `breakpoints can be set on this host but are never hit: none of ${hits} calls of our own vDSO was caught`,
    );
  if (result < 0) return unavailable('failed', `a breakpoint on our own vDSO answered ${errnoName(result)}`);
  return available(
    Math.max(0, prices.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0),
    `${rounds} × ${hits} ${caught ? '' : 'counted '}hits of a breakpoint on our own vDSO`,
  );
}
