import type { Basis } from '../basis.ts';
import { isUnavailable, known, unavailable } from '../known.ts';

/**
 * The counts, where they prove something: a 32-bit target's entries may pass a counter unseen, so that of such a target
 * only what was counted is true, and nothing counted is not nothing, unless the counter sees calls of 32-bit code.
 */
export function trustedCounts({ counted, window }: Basis): Basis['counted'] {
  if (isUnavailable(counted) || counted.counts.length > 0 || counted.sees32Bit === true) return counted;
  if (known(window.last.target.bits) === 64) return counted;
  return unavailable('unsupported', 'a count of zero proves nothing of a target that is not known to be a 64-bit one');
}
