import type { Evidence, Fix } from '../../model/findings.ts';
import type { Libc, Runtime } from '../../model/program.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { isAtLeast } from '../kernel-version.ts';
import { isUnavailable } from '../known.ts';
import { namesPhrase, secondsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { vdsoProbes } from '../vdso-probes.ts';
import type { WitnessedCalls } from '../witnessed-calls.ts';
import { counters, enteredSentence, savedShare } from './entered.ts';
import { type HashTables, muslFindsNothing } from './hash-tables.ts';
import { atItsPlace, effectHere, fromOrigin, isDecisiveFor, nothingToAsk, placeEvidence } from './sampled.ts';
import { runUnpatched, unlessPatched } from './unless-patched.ts';

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

const exe = '/proc/PID/exe';

interface SeenSites {
  readonly 'entries a healthy vDSO spares': EnteredReads;
  readonly 'call sites'?: Parameters<typeof fromOrigin>[1];
}

interface SeenTables extends SeenSites {
  readonly libc?: Libc;
  readonly 'hash tables of the vDSO'?: HashTables;
  readonly 'patched vDSO'?: boolean;
}

interface SeenPrices extends Pick<SeenTables, 'call sites' | 'patched vDSO'> {
  readonly "entries this host's vDSO spares"?: EnteredReads;
  readonly 'price of a vDSO read'?: Parameters<typeof savedShare>[1];
}

/** Where no place was sampled, all of them may be its. */
function ownReads({ 'entries a healthy vDSO spares': reads, 'call sites': sites }: SeenSites): EnteredReads {
  if (sites === undefined) return reads;
  const own = fromOrigin(reads, sites, 'libc');
  return own.names.length > 0 ? own : fromOrigin(reads, sites, 'unnamed');
}

function savedByLibc({ "entries this host's vDSO spares": spared, 'call sites': sites, ...seen }: SeenPrices) {
  const reads = spared && ownReads({ 'entries a healthy vDSO spares': spared, 'call sites': sites });
  if (reads === undefined || reads.names.length === 0) return undefined;
  const isSure = sites !== undefined && seen['patched vDSO'] === false;
  return savedShare({ ...reads, callsCaught: isSure }, seen['price of a vDSO read']);
}

/** A libc that finds nothing in the vDSO calls none of it, patched or not. */
function placesAndTables(seen: SeenTables, strength: Evidence['strength']): readonly Evidence[] {
  const placed = placeEvidence(seen['entries a healthy vDSO spares'], seen['call sites'], 'libc', strength);
  const byTables = byHashTables(seen);
  const sure = byTables.some(isDecisiveFor);
  return [...(sure ? placed : unlessPatched(seen['patched vDSO'], placed)), ...byTables];
}

function isFromPatch(seen: SeenTables): boolean {
  return seen['patched vDSO'] === true && !byHashTables(seen).some(isDecisiveFor);
}

/** Decisive only where a call was sampled in the libc: the program may make its system calls itself all the same. */
function byHashTables({ libc, 'hash tables of the vDSO': tables, ...seen }: SeenTables): readonly Evidence[] {
  if (libc === undefined || ownReads(seen).names.length === 0) return [];
  const { 'entries a healthy vDSO spares': reads, 'call sites': sites } = seen;
  return atItsPlace(fromOrigin(reads, sites, 'libc'), muslFindsNothing(libc, tables));
}

function isNamed(libc: Libc | undefined): boolean {
  return libc !== undefined && libc.name !== 'unknown';
}

function libcPhrase(libc: Libc | undefined): string {
  if (libc === undefined || libc.name === 'unknown' || libc.name === 'none') return 'the libc';
  return libc.version === undefined ? libc.name : `${libc.name} ${libc.version}`;
}

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

const compat32Bit = targetRule({
  id: 'compat-32bit',
  layer: 'libc',
  role: 'context',
  title: 'the target is a 32-bit process: it has another vDSO, and its syscalls pass the usual tracepoints unseen',
  needs: ['bits'],
  weigh: ({ bits }) =>
    bits === 32
      ? [supports('decisive', 'it is a 32-bit process', '/proc/PID/exe')]
      : [contradicts('decisive', 'it is a 64-bit process', '/proc/PID/exe')],
  reference: 'kernel/trace/trace_syscalls.c, ARCH_TRACE_IGNORE_COMPAT_SYSCALLS',
});

export const libcRules: readonly Rule[] = [staticLibcWithoutVdso, libcBypassesVdso, compat32Bit];
