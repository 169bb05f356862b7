import type { Fix } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { compatDisabled, compatUnmapped } from './compat-vdso.ts';
import { ownTimings, savedShare, unlessUntouched } from './entered.ts';
import { givenAtExec } from './given-at-exec.ts';
import { unlessMadeDirectly } from './sampled.ts';
import { comparedWithOurs, runUnpatched } from './unless-patched.ts';
import { switchEvidence, switchOnFix, type VdsoSwitch } from './vdso-switch.ts';

const targetMaps = '/proc/PID/maps';

const vdsoDisabled = targetRule({
  id: 'vdso-disabled',
  layer: 'vdso',
  role: 'cause',
  title: 'the kernel gave the target no vDSO',
  needs: ["vdsotop's own mappings", 'entries a healthy vDSO spares', 'bits'],
  mayUse: [
    ...(['kernel command line', "the target's mappings", 'call sites', 'price of a counter read'] as const),
    ...(['AT_SYSINFO_EHDR', 'abi.vsyscall32', 'architecture'] as const),
  ],
  weigh({ "vdsotop's own mappings": own, 'entries a healthy vDSO spares': reads, bits, ...seen }) {
    if (bits === 64 && hasVdso(own))
      return [contradicts('decisive', "vdsotop's own process has a [vdso]", '/proc/self/maps')];
    const target = seen["the target's mappings"];
    if (hasVdso(target ?? [])) return [contradicts('decisive', 'the target has a [vdso]', targetMaps)];
    const nothing = 'no clock read that a vDSO serves';
    // In 32-bit code libc's own calls go by a gate of libc where there is no vDSO: the place does not tell them apart.
    if (bits === 32) {
      const told = compatDisabled(givenAtExec(seen.AT_SYSINFO_EHDR), switchOf(bits, seen));
      return told.length === 0 && target === undefined ? [] : unlessUntouched(reads, nothing, told);
    }
    const told = [supports('decisive', "vdsotop's own process has no [vdso] either", '/proc/self/maps')];
    const booted = switchEvidence(switchOf(bits, seen));
    return unlessMadeDirectly(reads, seen['call sites'], unlessUntouched(reads, nothing, [...told, ...booted]));
  },
  clause: ({ bits }) => (bits === 64 ? 'this host maps no vDSO' : 'the kernel gave this 32-bit process no vDSO'),
  covers: ({ 'entries a healthy vDSO spares': { names } }) => names,
  fix: ({ bits, ...seen }) => switchOnFix(switchOf(bits, seen)),
  saves: ({ 'entries a healthy vDSO spares': reads, 'price of a counter read': counter }) => savedShare(reads, counter),
  reference: 'Documentation/admin-guide/kernel-parameters.txt: vdso= and vdso32=; arch/x86/entry/vdso/vma.c',
});

interface SwitchReadings {
  readonly architecture?: string;
  readonly 'kernel command line'?: string;
  readonly 'abi.vsyscall32'?: boolean;
}

/** Kernels of arm64 and riscv64 know no such parameter: what stands there does nothing. */
function switchOf(bits: 32 | 64, seen: SwitchReadings): VdsoSwitch {
  const compatNow = bits === 32 ? seen['abi.vsyscall32'] : undefined;
  const commandLine = seen.architecture === 'x86_64' ? seen['kernel command line'] : undefined;
  return { bits, commandLine, compatNow };
}

const vdsoUnmapped = targetRule({
  id: 'vdso-unmapped',
  layer: 'vdso',
  role: 'cause',
  title: 'the target has no [vdso], though other processes of this host have one',
  needs: ["the target's mappings", "vdsotop's own mappings", 'entries a healthy vDSO spares'],
  mayUse: [
    ...(["entries this host's vDSO spares", 'price of a vDSO read', 'AT_SYSINFO_EHDR', 'bits'] as const),
    ...(['kernel command line', 'abi.vsyscall32', 'architecture'] as const),
  ],
  weigh(seen) {
    const { "the target's mappings": target, 'entries a healthy vDSO spares': reads, bits = 32 } = seen;
    if (hasVdso(target)) return [contradicts('decisive', 'the target has a [vdso]', targetMaps)];
    const ours = hasVdso(seen["vdsotop's own mappings"]);
    if (bits === 64 && !ours)
      return [
        contradicts('decisive', "vdsotop's own process has none either: it is not this target", '/proc/self/maps'),
      ];
    const missing = "the target has no [vdso]; vdsotop's own process has one";
    const given = givenAtExec(seen.AT_SYSINFO_EHDR);
    return unlessUntouched(reads, 'no clock read that a vDSO serves', [
      ...(bits === 64 ? [supports('decisive', missing, targetMaps)] : compatUnmapped(given, switchOf(bits, seen))),
      ...tracesOfUnmapping(target, given),
      ...(ours ? uselessHere(reads, seen["entries this host's vDSO spares"]) : []),
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

function tracesOfUnmapping(target: readonly Mapping[], given: boolean | undefined) {
  const left = target.some(({ name }) => name === '[vvar]');
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
    if (sameAsOurs)
      return [contradicts('decisive', 'its bytes are those of the vDSO of vdsotop itself', comparedWithOurs)];
    if (bits === 32) return [];
    const places = differsAt.map((offset) => `+0x${offset.toString(16)}`).join(', ');
    const at = places === '' ? '' : `, first at ${places}`;
    const differs = `it differs from the vDSO of vdsotop itself${at}: something has patched it`;
    return [supports('decisive', differs, comparedWithOurs)];
  },
  fix: () => runUnpatched,
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
