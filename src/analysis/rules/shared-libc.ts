import type { Evidence, Fix } from '../../model/findings.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { namesPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import {
  byHashTables,
  exe,
  isFromPatch,
  isNamed,
  libcPhrase,
  ownReads,
  placesAndTables,
  type SeenSites,
  savedByLibc,
} from './own-libc.ts';
import { effectHere, fromOrigin, nothingToAsk } from './sampled.ts';
import { runUnpatched } from './unless-patched.ts';

const libcBypassesVdso = targetRule({
  id: 'libc-bypasses-vdso',
  layer: 'libc',
  role: 'cause',
  title: 'the shared libc makes the system call itself and does not ask the vDSO',
  needs: ['linkage', 'entries a healthy vDSO spares'],
  mayUse: [
    'call sites',
    "the target's mappings",
    'libc',
    'AT_SYSINFO_EHDR',
    'hash tables of the vDSO',
    "entries this host's vDSO spares",
    'price of a vDSO read',
    'patched vDSO',
  ],
  weigh(seen) {
    const { linkage, 'entries a healthy vDSO spares': reads, "the target's mappings": mappings } = seen;
    if (linkage === 'static') return [ofStatic(reads, seen['call sites'])];
    return (
      nothingToAsk(reads, mappings) ?? [
        ...placesAndTables(seen, 'decisive'),
        ...(Number.parseInt(seen.AT_SYSINFO_EHDR ?? '1', 16) === 0
          ? [supports('weak', 'AT_SYSINFO_EHDR is 0: its libc was not told where the vDSO is', '/proc/PID/auxv')]
          : []),
      ]
    );
  },
  origin: 'libc',
  clause: ({ libc }) =>
    `${isNamed(libc) ? libcPhrase(libc) : 'its libc'} makes the system call without asking the vDSO`,
  covers: (seen) => ownReads(seen).names,
  fix: (seen) => (isFromPatch(seen) ? runUnpatched : otherLibc(ownReads(seen), byHashTables(seen).length > 0)),
  saves: savedByLibc,
  reference: 'musl src/time/clock_gettime.c and src/internal/vdso.c; glibc sysdeps/unix/sysv/linux/dl-vdso-setup.h',
});

/** glibc that a static executable loads, for names of hosts say, is told of no vDSO (FACTS.md §8). */
function ofStatic(reads: EnteredReads, sites: SeenSites['call sites']): Evidence {
  const { names } = fromOrigin(reads, sites, 'loaded-libc');
  return names.length === 0
    ? contradicts('decisive', 'the executable is static: it has no shared libc', exe)
    : contradicts('weak', `the executable is static, and has loaded a libc that enters for ${namesPhrase(names)}`, exe);
}

/** `byTables`: it is a musl that looks for what this vDSO lacks. */
function otherLibc(reads: EnteredReads, byTables: boolean): Fix {
  return {
    command: byTables
      ? 'run it on musl 1.2.6 or newer, or on glibc'
      : 'run it on a libc that finds this vDSO, without what hides the vDSO from it',
    effect: effectHere(reads),
    risk: 'another version of the system library',
    reversible: true,
    wouldNotHelp:
      'another clocksource, or changing the program: its reads do go through libc, and libc does not ask the vDSO',
  };
}

export const sharedLibcRules: readonly Rule[] = [libcBypassesVdso];
