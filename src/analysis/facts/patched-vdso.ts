import type { Known } from '../../model/reading.ts';
import type { ProgramFacts } from '../../model/tree-facts.ts';
import type { Basis } from '../basis.ts';
import { isUnavailable, known, mapKnown, unavailable } from '../known.ts';

/**
 * Whether something has changed the vDSO of the target, or of any process of its tree. Of another word size it is another
 * image anyway, which says nothing; a time namespace changes the data that a vDSO reads, and not the image.
 */
export function patchedVdso({ window: { last } }: Basis): Known<boolean> {
  const inTree = (last.tree?.processes ?? []).flatMap(({ program = -1 }) => last.tree?.programs[program] ?? []);
  if (inTree.some((program) => isPatched(program) === true)) return true;
  return isPatched(last.target);
}

function isPatched({ vdso, bits }: Pick<ProgramFacts, 'vdso' | 'bits'>): Known<boolean> {
  const size = known(bits);
  if (isUnavailable(size)) return size;
  if (size !== 64) return unavailable('unsupported', 'vdsotop has no vDSO of 32 bits to compare it with');
  return mapKnown(known(vdso), ({ sameAsOurs }) => !sameAsOurs);
}
