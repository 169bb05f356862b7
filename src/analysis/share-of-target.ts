import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Basis } from './basis.ts';
import { isUnavailable, orElse, unavailable } from './known.ts';
import { paidByTarget } from './paid-by-target.ts';
import { shareInWindow } from './share-in-window.ts';

/** The same call costs our loop and the target's not quite the same: caches, mitigations, the turns of a host's clock rate. */
const pricesAgree = 1.25;

/**
 * A share of a core as a share of the CPU time that the target burns for itself: what watching takes from it is in its CPU
 * time too, and is left out. It is all of it at most, as of a program that does nothing else; where the reads and the
 * watching are priced far above what was burnt, a price or the target's clock is wrong.
 */
export function shareOfTarget(basis: Basis, coreShare: Known<Interval>): Known<number> {
  if (isUnavailable(coreShare)) return coreShare;
  if (coreShare.value === 0) return 0;
  const { cpuCores, window } = basis;
  if (isUnavailable(cpuCores)) return cpuCores;
  const watching = orElse(paidByTarget(basis), 0) + shareInWindow(window, ({ probesNs }) => probesNs);
  if (coreShare.low + watching > cpuCores * pricesAgree)
    return unavailable('failed', "the reads are priced higher than all the CPU time the target's clock shows");
  const own = cpuCores - watching;
  return coreShare.value < own ? coreShare.value / own : 1;
}
