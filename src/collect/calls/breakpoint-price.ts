import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { errnoName } from '../../native/errno-name.ts';
import { nativeLibrary } from '../../native.ts';
import { available, unavailable } from '../reading.ts';

/** Enough to even out single hits, and half a millisecond in all. */
const hits = 32;

/**
 * What one hit of a breakpoint takes from a thread, nanoseconds: measured once, on our own thread and vDSO. 'unsupported'
 * where breakpoints can be set and are never hit, as in a guest whose hypervisor does not serve the debug registers (seen in
 * a PVM guest, Linux 6.18): whoever sets one there sees no call, and knows nothing of how many there were.
 */
export function priceBreakpoint(own: Reading<VdsoImage>): Reading<number> {
  if ('unavailable' in own) return own;
  const symbol = own.value.symbols.find(({ name }) => /^__(vdso|kernel)_clock_gettime$/.test(name));
  if (symbol === undefined) return unavailable('absent', 'our own vDSO has no clock_gettime to set a breakpoint on');
  const price = new Float64Array(1);
  const result = nativeLibrary().vt_breakpoint_price(Number.parseInt(own.value.base, 16) + symbol.offset, hits, price);
  if (errnoName(result) === 'ENODATA')
    return unavailable(
      'unsupported',
      `breakpoints can be set on this host but are never hit: none of ${hits} calls of our own vDSO was caught`,
    );
  if (result < 0) return unavailable('failed', `a breakpoint on our own vDSO answered ${errnoName(result)}`);
  return available(Math.max(0, price[0] ?? 0), `${hits} hits of a breakpoint on our own vDSO`);
}
