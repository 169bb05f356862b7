import type { SiteProgram } from '../../model/call-sites.ts';
import type { Reading } from '../../model/reading.ts';
import type { ProgramFacts } from '../../model/tree-facts.ts';

/** What a call site is read by. */
export function siteProgramOf({ bits, linkage, libc, runtime }: ProgramFacts): SiteProgram {
  const name = <N extends string>(reading: Reading<{ readonly name: N }>) =>
    'value' in reading ? reading.value.name : undefined;
  const [libcName, runtimeName] = [name(libc), name(runtime)];
  return {
    ...('value' in bits && { bits: bits.value }),
    ...('value' in linkage && { linkage: linkage.value }),
    ...(libcName !== undefined && { libc: libcName }),
    ...(runtimeName !== undefined && { runtime: runtimeName }),
  };
}
