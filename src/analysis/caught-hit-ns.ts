import type { Window } from '../model/snapshot.ts';
import { known, orElse } from './known.ts';

/** Where a hit could not be priced. */
const defaultHitNs = 10_000;

/** What a hit takes from a thread when its call is caught, nanoseconds. */
export function caughtHitNs({ last: { cost } }: Pick<Window, 'last'>): number {
  return orElse(known(cost.nsPerBreakpointHit), defaultHitNs);
}
