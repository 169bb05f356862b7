import type { Evidence, Fix, Missing } from '../../model.ts';
import type { EnteredReads } from '../facts.ts';
import { namesPhrase, secondsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import type { WitnessedCalls } from '../witnessed-calls.ts';
import { counters, enteredSentence, savedShare, witness } from './entered.ts';

const callSites: Missing = {
  reading: 'call sites',
  detail: 'unsupported: where the syscall instruction sits would decide; this version does not sample it',
};

const staticLibcWithoutVdso = targetRule({
  id: 'static-libc-without-vdso',
  layer: 'libc',
  role: 'cause',
  title: 'the libc linked into a static executable does not look for the vDSO',
  needs: ['linkage', "entries this host's vDSO spares", 'bits'],
  mayUse: ['vDSO calls', 'price of a vDSO read', "the target's mappings"],
  weigh({ linkage, "entries this host's vDSO spares": reads, bits, 'vDSO calls': calls, ...seen }) {
    if (linkage === 'dynamic') return [contradicts('decisive', 'the executable is dynamic', '/proc/PID/exe')];
    if (seen["the target's mappings"]?.every(({ name }) => name !== '[vdso]'))
      return [contradicts('decisive', 'the target has no [vdso] that a libc could look for', '/proc/PID/maps')];
    if (bits === 32) return [];
    if (reads.names.length === 0) return [contradicts('decisive', nothingSpared(reads), counters)];
    return [
      supports('weak', `the executable is static, and ${enteredSentence(reads)}`, counters),
      ...foundTheVdso(reads, calls),
    ];
  },
  clause: () => 'the executable is static, and its libc may not look for the vDSO',
  covers: ({ "entries this host's vDSO spares": { names } }) => names,
  fix: () => relink,
  saves: ({ "entries this host's vDSO spares": reads, 'price of a vDSO read': fast }) =>
    savedShare({ ...reads, callsCaught: false }, fast),
  undecidedWithout: callSites,
  reference: 'glibc 1e8bdc3a2b (2.29, clock_gettime) and 2.31 (gettimeofday, time)',
});

const relink: Fix = {
  command:
    'link against glibc 2.31 or newer, or musl (x86-64: 1.1.0 or newer; riscv64, and arm64 with a vDSO that has only a GNU hash table: 1.2.6 or newer), or link dynamically',
  effect: 'clock reads by libc go through the vDSO',
  risk: 'that of a rebuild',
  reversible: true,
  wouldNotHelp: 'another clocksource or kernel: the vDSO of this host serves these clocks',
};

function nothingSpared({ seconds }: EnteredReads): string {
  return `nothing this host's vDSO serves entered the kernel in ${secondsPhrase(seconds)}`;
}

/** A function whose vDSO calls were caught is bound to the vDSO: entries by the same function come from elsewhere. */
function foundTheVdso({ reads }: EnteredReads, calls: WitnessedCalls | undefined): readonly Evidence[] {
  const bound = reads.filter(({ fn }) => calls?.hits.some((hit) => hit.fn === fn && hit.count > 0));
  if (bound.length === 0) return [];
  const seen = `it calls the vDSO by the same functions that enter the kernel for ${namesPhrase(bound.map(({ name }) => name))}`;
  return [contradicts(bound.length === reads.length ? 'decisive' : 'weak', seen, witness)];
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

export const libcRules: readonly Rule[] = [staticLibcWithoutVdso, compat32Bit];
