import type { Window } from '../model/snapshot.ts';
import { known, orElse } from './known.ts';

/** Where a hit could not be priced. */
const defaultHitNs = 10_000;

/** What a hit takes from a thread, nanoseconds: where its call is caught, and where it is counted. */
export function hitPrices({ last: { cost } }: Pick<Window, 'last'>): {
  readonly caught: number;
  readonly counted: number;
} {
  const caught = orElse(known(cost.nsPerBreakpointHit), defaultHitNs);
  const counted = cost.nsPerCountedHit && orElse(known(cost.nsPerCountedHit), undefined);
  return { caught, counted: counted ?? caught };
}
