import type { Evidence } from '../../model/findings.ts';
import type { Libc, Runtime } from '../../model/program.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { isAtLeast, isAtMost } from '../kernel-version.ts';
import { supports } from '../rule.ts';
import { isGnuOnly } from '../vdso-hash-tables.ts';

/** What a lookup in the vDSO needs and this one may not have: see FACTS of musl 1.2.6 and Go 1.22. */
export type HashTables = VdsoImage['hashTables'];

const where = 'ELF header of the vDSO';
const muslSource = `${where}; musl src/internal/vdso.c; seen on 6.12 for arm64, docs/lab.md`;
/** A static executable does not say which musl it holds. */
const muslOfAnyVersion =
  'the vDSO has only a GNU hash table, and musl up to 1.2.5 looks symbols up by the other kind: it finds none';

/**
 * musl up to 1.2.5 looks symbols up by the table of System V only (src/internal/vdso.c; 1.2.6: "vdso with missing sysv
 * hash table is now supported"): of a vDSO with a GNU table alone it finds none.
 */
export function muslFindsNothing({ name, version }: Libc, tables: HashTables | undefined): readonly Evidence[] {
  if (name !== 'musl' || !isGnuOnly(tables)) return [];
  if (version === undefined) return [supports('strong', muslOfAnyVersion, muslSource)];
  if (!isAtMost(version, '1.2') || patchOf(version) > 5) return [];
  const seen = `the vDSO has only a GNU hash table, and musl ${version} looks symbols up by the other kind: it finds none`;
  return [supports('decisive', seen, muslSource)];
}

/**
 * Go from 1.13 on (it had no vDSO code for arm64 in 1.10) up to 1.21 has a wrong GNU hash there of the symbol it looks for
 * (golang/go issue 62309).
 */
export function goFindsNothing(
  { name, version = '' }: Runtime,
  tables: HashTables | undefined,
  architecture: string | undefined,
): readonly Evidence[] {
  const release = version.replace(/^go/, '');
  if (name !== 'go' || architecture !== 'aarch64' || !isGnuOnly(tables)) return [];
  if (!isAtLeast(release, '1.13') || !isAtMost(release, '1.21')) return [];
  const seen = `the vDSO has only a GNU hash table, and Go ${release} looks for a wrong hash in it: it finds no clock_gettime`;
  return [supports('decisive', seen, `${where}; golang/go issue 62309; seen on 6.12 for arm64, docs/lab.md`)];
}

/** The third number of '1.2.5'; of what has none, one too high to be accused. */
function patchOf(version: string): number {
  if (isAtMost(version, '1.1')) return 0;
  const patch = /^\d+\.\d+\.(\d+)/.exec(version)?.[1];
  return patch === undefined ? Number.POSITIVE_INFINITY : Number(patch);
}
