import type { Known } from '../model/reading.ts';
import { allReads, type Basis } from './basis.ts';
import { isUnavailable, known, mapKnown, sumKnown } from './known.ts';

/** Part of one core that counting takes from the target: what it adds to each of its clock system calls. */
export function paidByTarget(basis: Basis): Known<number> {
  const rate = sumKnown(allReads(basis).map(({ perSecond }) => perSecond));
  if (!isUnavailable(rate) && rate === 0) return 0;
  const addedNsPerEntry = known(basis.window.last.cost.addedNsPerEntry);
  if (isUnavailable(addedNsPerEntry)) return addedNsPerEntry;
  return mapKnown(rate, (perSecond) => (perSecond * addedNsPerEntry) / 1e9);
}
