import { allReads, type Basis } from './basis.ts';
import type { ClockRead } from './clock-read.ts';
import { orElse } from './known.ts';
import { isServedHere } from './served-here.ts';

/** Reads that were caught calling the vDSO and that it serves, the most caught first. */
export function fastReads(basis: Basis): readonly ClockRead[] {
  return allReads(basis)
    .filter(({ hits, served, tellsTime }) => tellsTime && orElse(hits, 0) > 0 && isServedHere(served))
    .sort((a, b) => orElse(b.hits, 0) - orElse(a.hits, 0));
}
