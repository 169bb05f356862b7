import type { Fix } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { ownTimings, savedShare, unlessUntouched } from './entered.ts';
import { unlessMadeDirectly } from './sampled.ts';

const vdsoDisabled = targetRule({
  id: 'vdso-disabled',
  layer: 'vdso',
  role: 'cause',
  title: 'the kernel maps no vDSO into any process',
  needs: ["vdsotop's own mappings", 'entries a healthy vDSO spares', 'bits'],
  mayUse: ['kernel command line', "the target's mappings", 'call sites', 'price of a counter read'],
  weigh({ "vdsotop's own mappings": own, 'entries a healthy vDSO spares': reads, bits, ...seen }) {
    if (bits === 64 && hasVdso(own))
      return [contradicts('decisive', "vdsotop's own process has a [vdso]", '/proc/self/maps')];
    if (hasVdso(seen["the target's mappings"] ?? []))
      return [contradicts('decisive', 'the target has a [vdso]', '/proc/PID/maps')];
    const asked = isAsked(seen['kernel command line'], bits);
    const booted = asked
      ? [supports('decisive', `the kernel was booted with ${parameterOf[bits]}`, '/proc/cmdline')]
      : [];
    const absent =
      bits === 64 ? [supports('decisive', "vdsotop's own process has no [vdso] either", '/proc/self/maps')] : [];
    const told = unlessUntouched(reads, 'no clock read that a vDSO serves', [...absent, ...booted]);
    // In 32-bit code libc's own calls go by a gate of libc where there is no vDSO: the place does not tell them apart.
    return bits === 32 ? told : unlessMadeDirectly(reads, seen['call sites'], told);
  },
  clause: () => 'this host maps no vDSO',
  covers: ({ 'entries a healthy vDSO spares': { names } }) => names,
  fix: ({ bits, 'kernel command line': commandLine }) => fixForDisabled(bits, isAsked(commandLine, bits)),
  saves: ({ 'entries a healthy vDSO spares': reads, 'price of a counter read': counter }) => savedShare(reads, counter),
  reference: 'Documentation/admin-guide/kernel-parameters.txt: vdso=',
});

const parameterOf = { 64: 'vdso=0', 32: 'vdso32=0' } as const;

function isAsked(commandLine: string | undefined, bits: 32 | 64): boolean {
  return commandLine?.split(/\s+/).includes(parameterOf[bits]) ?? false;
}

function fixForDisabled(bits: 32 | 64, asked: boolean): Fix {
  return {
    command: asked
      ? `remove ${parameterOf[bits]} from the kernel command line and reboot`
      : 'boot a kernel that maps a vDSO',
    effect: 'every process gets a vDSO again',
    risk: 'a reboot',
    reversible: true,
    wouldNotHelp: 'another clocksource: without a vDSO every read enters the kernel',
  };
}

const vdsoUnmapped = targetRule({
  id: 'vdso-unmapped',
  layer: 'vdso',
  role: 'cause',
  title: 'the target has no [vdso], though other processes of this host have one',
  needs: ["the target's mappings", "vdsotop's own mappings", 'entries a healthy vDSO spares'],
  mayUse: [
    ...(["entries this host's vDSO spares", 'price of a vDSO read', 'AT_SYSINFO_EHDR', 'bits'] as const),
    'kernel command line' as const,
  ],
  weigh(seen) {
    const { "the target's mappings": target, 'entries a healthy vDSO spares': reads } = seen;
    if (hasVdso(target)) return [contradicts('decisive', 'the target has a [vdso]', targetMaps)];
    if (!hasVdso(seen["vdsotop's own mappings"]))
      return [
        contradicts('decisive', "vdsotop's own process has none either: it is not this target", '/proc/self/maps'),
      ];
    if (seen.bits === 32 && isAsked(seen['kernel command line'], 32))
      return [
        contradicts('decisive', 'the kernel was booted with vdso32=0: no 32-bit process has one', '/proc/cmdline'),
      ];
    const missing = "the target has no [vdso]; vdsotop's own process has one";
    return unlessUntouched(reads, 'no clock read that a vDSO serves', [
      supports(seen.bits === 64 ? 'decisive' : 'strong', missing, targetMaps),
      ...tracesOfUnmapping(target, seen.AT_SYSINFO_EHDR),
      ...uselessHere(reads, seen["entries this host's vDSO spares"]),
    ]);
  },
  clause: () => 'the target has no [vdso] mapping',
  covers: ({ 'entries a healthy vDSO spares': { names } }) => names,
  fix: () => runWithoutTool,
  saves: ({ 'entries a healthy vDSO spares': reads, 'price of a vDSO read': fast }) => savedShare(reads, fast),
  reference: 'proc_pid_maps(5), vdso(7)',
});

const runWithoutTool: Fix = {
  command: 'run the program without the tool that unmapped its vDSO (valgrind does)',
  effect: 'its libc finds the vDSO again',
  risk: 'what that tool was there for',
  reversible: true,
  wouldNotHelp: 'another clocksource or kernel: other processes of this host have a vDSO',
};

const targetMaps = '/proc/PID/maps';

function tracesOfUnmapping(target: readonly Mapping[], sysinfoEhdr = '0') {
  const left = target.some(({ name }) => name === '[vvar]');
  const given = Number.parseInt(sysinfoEhdr, 16) > 0;
  return [
    ...(left ? [supports('weak', 'its [vvar] is left, as valgrind leaves it', targetMaps)] : []),
    ...(given ? [supports('weak', 'exec gave it one, which was unmapped since', '/proc/PID/auxv')] : []),
  ];
}

function uselessHere(reads: EnteredReads, spared: EnteredReads | undefined) {
  if (spared === undefined || spared.names.length > 0 || reads.names.length === 0) return [];
  return [contradicts('strong', "this host's vDSO would not serve what it reads", ownTimings)];
}

const vdsoImageModified = targetRule({
  id: 'vdso-image-modified',
  layer: 'vdso',
  role: 'amplifier',
  title: "the target's vDSO image is not the one that the kernel gives to other processes",
  needs: ["the target's own vDSO", 'bits'],
  weigh({ "the target's own vDSO": { sameAsOurs, differsAt }, bits }) {
    const where = '/proc/PID/mem, compared with the vDSO of vdsotop itself';
    if (sameAsOurs) return [contradicts('decisive', 'its bytes are those of the vDSO of vdsotop itself', where)];
    if (bits === 32) return [];
    const places = differsAt.map((offset) => `+0x${offset.toString(16)}`).join(', ');
    const at = places === '' ? '' : `, first at ${places}`;
    return [supports('decisive', `it differs from the vDSO of vdsotop itself${at}: something has patched it`, where)];
  },
  undecidedWithout: {
    reading: 'a vDSO image of the same word size',
    detail: 'unsupported: vdsotop is a 64-bit process and has none of 32 bits to compare with',
  },
  reference: 'proc_pid_mem(5); vdso(7): the kernel maps one image into every process of a word size',
});

function hasVdso(mappings: readonly { readonly name: string }[]): boolean {
  return mappings.some(({ name }) => name === '[vdso]');
}

export const vdsoRules: readonly Rule[] = [vdsoDisabled, vdsoUnmapped, vdsoImageModified];
