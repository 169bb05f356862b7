import type { Known } from '../../model/reading.ts';
import type { ProgramFacts, TreeFacts } from '../../model/tree-facts.ts';
import type { Basis } from '../basis.ts';
import { enteringProcesses } from '../entering-processes.ts';
import { isUnavailable, known, mapKnown, orElse, unavailable } from '../known.ts';

type OfVdso = Pick<ProgramFacts, 'vdso' | 'vdsoWritten' | 'bits' | 'mappings'>;

/**
 * Whether something has written to the vDSO of the target, or of any process of its tree; that nothing has is told where it is
 * known of all whose reads enter. A time namespace changes the data that a vDSO reads, and not the image.
 */
export function patchedVdso({ window: { last }, counted }: Basis): Known<boolean> {
  const { tree, target } = last;
  if (tree === undefined || tree.processes.length <= 1) return isPatched(target);
  if (tree.programs.some((program) => isPatched(program) === true)) return true;
  const pids = enteringProcesses(last, counted);
  if (isUnavailable(pids) || pids.size === 0) return isPatched(target);
  const told = [...pids].map((pid) => isPatchedIn(tree, pid));
  return told.find(isUnavailable) ?? false;
}

function isPatchedIn({ processes, programs }: TreeFacts, pid: number): Known<boolean> {
  const program = processes.find((known) => known.pid === pid)?.program ?? -1;
  const facts = programs[program];
  return facts === undefined ? unavailable('absent', `process ${pid} was not read`) : isPatched(facts);
}

/** What nobody has written to is the kernel's, whether or not it can be read and compared. */
function isPatched({ vdso, vdsoWritten, bits, mappings }: OfVdso): Known<boolean> {
  const mapped = orElse(known(mappings), undefined);
  if (mapped?.every(({ name }) => name !== '[vdso]')) return false;
  const image = compared(known(bits), vdso);
  const written = vdsoWritten === undefined ? image : known(vdsoWritten);
  return isUnavailable(image) && !isUnavailable(written) ? written : image;
}

/** One of another word size is another image anyway, which says nothing. */
function compared(bits: Known<32 | 64>, vdso: OfVdso['vdso']): Known<boolean> {
  if (isUnavailable(bits)) return bits;
  if (bits !== 64) return unavailable('unsupported', 'vdsotop has no vDSO of 32 bits to compare it with');
  return mapKnown(known(vdso), ({ sameAsOurs }) => !sameAsOurs);
}
