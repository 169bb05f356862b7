import type { BreakpointPrice } from './breakpoint-price.ts';

/** What hits of a breakpoint are taken to cost, nanoseconds. `countedNs`: none where they cannot be counted only. */
export interface PriceOfHits {
  readonly caughtNs: number;
  readonly countedNs?: number;
}

/** A hit is taken for so long where it could not be priced. */
const unknownNsPerHit = 20_000;

export function priceOfHits({ caughtNs, countedNs }: BreakpointPrice): PriceOfHits {
  return {
    caughtNs: 'value' in caughtNs ? caughtNs.value : unknownNsPerHit,
    ...('value' in countedNs && { countedNs: countedNs.value }),
  };
}
