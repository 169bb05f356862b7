import type { Known } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { VdsoImage } from '../model/vdso.ts';
import { isUnavailable, known, mapKnown } from './known.ts';

/** An image of the other word size is not ours, but comes from the same build: it is not asked of a 32-bit target. */
export function vdsoHashTables({
  target: { vdso, bits },
  host: { ownVdso },
}: Pick<Snapshot, 'target' | 'host'>): Known<VdsoImage['hashTables']> {
  const own = known(vdso);
  if (!isUnavailable(own)) return own.image.hashTables;
  return known(bits) === 64 ? mapKnown(known(ownVdso), (image) => image.hashTables) : own;
}

/** A lookup that reads the table of System V alone, or reads the other one wrong, finds nothing in such a vDSO. */
export function isGnuOnly(tables: VdsoImage['hashTables'] | undefined): boolean {
  return tables?.includes('gnu') === true && !tables.includes('sysv');
}
