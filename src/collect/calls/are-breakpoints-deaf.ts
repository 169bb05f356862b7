import type { Reading } from '../../model/reading.ts';

/** Whether breakpoints can be set on this host and are never hit (breakpoint-price.ts). */
export function areBreakpointsDeaf(nsPerHit: Reading<number>): boolean {
  return 'unavailable' in nsPerHit && nsPerHit.unavailable === 'unsupported';
}
