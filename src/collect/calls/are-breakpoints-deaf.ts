import type { Unavailable } from '../../model/reading.ts';
import type { BreakpointPrice } from './breakpoint-price.ts';

/** Set where breakpoints can be set on this host and are never hit (breakpoint-price.ts): how that was seen. */
export function areBreakpointsDeaf({ caughtNs }: BreakpointPrice): Unavailable | undefined {
  return 'unavailable' in caughtNs && caughtNs.unavailable === 'unsupported' ? caughtNs : undefined;
}
