import type { Reading } from '../../model/reading.ts';

/** A hit is taken for so long where it could not be priced. */
const unknownNsPerHit = 20_000;

/** What a hit of a breakpoint is taken to cost. */
export function nsPerHitOf(price: Reading<number>): number {
  return 'value' in price ? price.value : unknownNsPerHit;
}
