import type { Evidence, Fix } from '../../model/findings.ts';
import type { Libc, Runtime } from '../../model/program.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { isAtLeast } from '../kernel-version.ts';
import { isUnavailable } from '../known.ts';
import { namesPhrase, secondsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { vdsoProbes } from '../vdso-probes.ts';
import type { WitnessedCalls } from '../witnessed-calls.ts';
import { counters, enteredSentence } from './entered.ts';
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

const staticLibcWithoutVdso = targetRule({
  id: 'static-libc-without-vdso',
  layer: 'libc',
  role: 'cause',
  title: 'the libc linked into a static executable does not use the vDSO',
  needs: ['linkage', 'entries a healthy vDSO spares'],
  mayUse: [
    'call sites',
    "the target's mappings",
    'libc',
    'bits',
    'runtime',
    'vDSO calls',
    "entries this host's vDSO spares",
    'hash tables of the vDSO',
    'price of a vDSO read',
    'patched vDSO',
  ],
  weigh(seen) {
    const { linkage, 'entries a healthy vDSO spares': reads, "the target's mappings": mappings, libc } = seen;
    if (linkage === 'dynamic') return [contradicts('decisive', 'the executable is dynamic', exe)];
    if (libc?.name === 'none') return [contradicts('decisive', 'the executable holds no libc', exe)];
    return (
      nothingToAsk(reads, mappings) ?? [
        ...placesAndTables(seen, isNamed(libc) ? 'decisive' : 'strong'),
        ...withoutPlaces(seen),
      ]
    );
  },
  origin: 'libc',
  clause: ({ libc }) => `${libcPhrase(libc)} linked into it does not ask the vDSO`,
  covers: (seen) => ownReads(seen).names,
  fix(seen) {
    if (isFromPatch(seen)) return runUnpatched;
    if (looksForIt(seen.libc)) return unhide(ownReads(seen), seen.libc);
    return relink(ownReads(seen), byHashTables(seen).length > 0);
  },
  saves: savedByLibc,
  reference: 'glibc 1e8bdc3a2b (2.29, clock_gettime) and 2.31 (gettimeofday, time); klibc has no vDSO lookup',
});

interface SeenElse {
  readonly bits?: 32 | 64;
  readonly runtime?: Runtime;
  readonly 'call sites'?: SeenSites['call sites'];
  readonly 'vDSO calls'?: WitnessedCalls;
  readonly "entries this host's vDSO spares"?: EnteredReads;
}

/** What is left to say where the places do not decide: that it is static, and whether it calls the vDSO as well. */
function withoutPlaces({ bits, 'call sites': sites, ...seen }: SeenElse): readonly Evidence[] {
  const spared = seen["entries this host's vDSO spares"];
  if (spared === undefined || bits !== 64) return [];
  if (sites !== undefined)
    return fromOrigin(spared, sites, 'unnamed').names.length > 0 ? foundTheVdso(spared, seen) : [];
  if (spared.names.length === 0)
    return [
      contradicts(
        'weak',
        `nothing this host's vDSO serves entered the kernel in ${secondsPhrase(spared.seconds)}`,
        counters,
      ),
    ];
  const isStatic = `the executable is static, and ${enteredSentence(spared)}`;
  return [supports('weak', isStatic, counters), ...foundTheVdso(spared, seen)];
}

/**
 * A libc whose function is bound to the vDSO does not enter the kernel by it. Not every call in an executable is its libc's:
 * Go and some crates of Rust look for the vDSO themselves, beside a libc that may not.
 */
function foundTheVdso({ reads }: EnteredReads, { 'vDSO calls': calls, runtime }: SeenElse): readonly Evidence[] {
  const bound = reads.filter(({ fn }) => calls?.hits.some((hit) => hit.fn === fn && hit.count > 0));
  if (bound.length === 0) return [];
  const seen = `it calls the vDSO by the same functions that enter the kernel for ${namesPhrase(bound.map(({ name }) => name))}`;
  const isSole = runtime !== undefined && runtime.name !== 'go' && runtime.name !== 'rust';
  return [contradicts(isSole && bound.length === reads.length ? 'strong' : 'weak', seen, vdsoProbes.breakpoints)];
}

/** A static glibc uses the vDSO for every function since 2.31 (d665367f59): its version is not the reason. */
function looksForIt(libc: Libc | undefined): boolean {
  return libc?.name === 'glibc' && libc.version !== undefined && isAtLeast(libc.version, '2.31');
}

function unhide(reads: EnteredReads, libc: Libc | undefined): Fix {
  return {
    command: 'find out what hides the vDSO from it: a loader or sandbox that takes AT_SYSINFO_EHDR from its stack',
    effect: `clock reads by libc go through the vDSO that it finds: ${effectHere(reads)}`,
    risk: 'that of a new start',
    reversible: true,
    wouldNotHelp: `linking it anew: ${libcPhrase(libc)} uses a vDSO that it is told of; nor another clocksource`,
  };
}

/** `byTables`: it looks for what this vDSO lacks and that of another kernel may have. */
function relink(reads: EnteredReads, byTables: boolean): Fix {
  return {
    command:
      'link against glibc 2.31 or newer, or musl (x86-64: 1.1.0 or newer; riscv64, and arm64 with a vDSO that has only a GNU hash table: 1.2.6 or newer), or link dynamically; where it is linked so, find out what hides the vDSO from it',
    effect: `clock reads by libc go through the vDSO: ${effectHere(reads)}`,
    risk: 'that of a rebuild',
    reversible: true,
    wouldNotHelp:
      byTables || reads.reads.some(({ served }) => !isUnavailable(served) && !served.served)
        ? 'another clocksource alone: a libc that does not ask the vDSO gains nothing by it'
        : 'another clocksource or kernel: the vDSO of this host serves these clocks',
  };
}

export const staticLibcRules: readonly Rule[] = [staticLibcWithoutVdso];
