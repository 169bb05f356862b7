import type { Evidence } from '../../model/findings.ts';
import { nsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { unlessUntouched } from './entered.ts';

type Mitigations = Readonly<Record<string, string>>;

/**
 * Mitigations that work on every entry to or exit from the kernel, as the kernel's own lines name them. What is done for
 * virtual machines alone is none: 'Clear CPU buffers: VM' of TSA, IBPB at their exits.
 */
const atEveryEntry: readonly RegExp[] = [
  /\bPTI\b/,
  /Clear CPU buffers(?!: VM)/,
  // Register file data sampling: the same VERW on the way out (arch/x86/kernel/cpu/bugs.c).
  /Clear Register File/,
  /Mitigation: IBRS/,
  /untrained return thunk/i,
  /Safe RET/i,
  /Mitigation: IBPB(?!.*(VMEXIT|before exit))/,
  /Stuffing/,
  /BHI: SW loop/,
];

/**
 * Mitigations in code that an entry may run: indirect calls and returns of the kernel, and the vectors of arm64, whose
 * line does not tell clearing of the branch history by a loop from clearing by the CPU (arch/arm64/kernel/proton-pack.c).
 */
const inKernelCode: readonly RegExp[] = [/retpoline/i, /LFENCE/, /branch\/return thunks/, /, BHB\b/];

/**
 * With MMIO stale data alone buffers are cleared before a virtual machine runs and not for user space; where they are
 * for user space too, the lines of MDS or TAA say so themselves (arch/x86/kernel/cpu/bugs.c, mmio_apply_mitigation).
 */
const forGuestsAlone: ReadonlySet<string> = new Set(['mmio_stale_data']);

const lookedFor =
  'PTI, clearing of CPU buffers for user space, IBRS, IBPB, untrained or safe returns, call depth stuffing, the BHI loop, retpolines, return thunks, BHB of arm64';

/** 'meltdown (Mitigation: PTI), mds (…)'; '' where none is. */
function named(mitigations: Mitigations, patterns: readonly RegExp[]): string {
  return Object.entries(mitigations)
    .filter(([name, line]) => !forGuestsAlone.has(name) && patterns.some((pattern) => pattern.test(line)))
    .map(([name, line]) => `${name} (${line.slice(0, 60)})`)
    .join(', ');
}

function mitigationEvidence(mitigations: Mitigations, nullSyscallNs: number): Evidence | undefined {
  const where = '/sys/devices/system/cpu/vulnerabilities';
  const price = `a null syscall costs ${nsPhrase(nullSyscallNs)} with all of them on`;
  const sure = named(mitigations, atEveryEntry);
  if (sure !== '') return supports('decisive', `${sure}; ${price}`, where);
  const partly = named(mitigations, inKernelCode);
  return partly === '' ? undefined : supports('strong', `${partly}: in code that an entry may run; ${price}`, where);
}

const syscallMitigations = targetRule({
  id: 'syscall-mitigations',
  layer: 'kernel',
  role: 'amplifier',
  title: 'mitigations make every kernel entry dearer',
  needs: ['mitigations', 'price of a null syscall', 'kernel entries'],
  weigh({ mitigations, 'price of a null syscall': nothing, 'kernel entries': reads }) {
    const found = mitigationEvidence(mitigations, nothing.p50);
    const none = `none of these is on: ${lookedFor}`;
    return found === undefined
      ? [contradicts('strong', none, '/sys/devices/system/cpu/vulnerabilities')]
      : unlessUntouched(reads, 'nothing that is counted', [found]);
  },
  reference: 'Documentation/arch/x86/pti.rst, Documentation/admin-guide/hw-vuln/mds.rst and spectre.rst',
});

export const mitigationRules: readonly Rule[] = [syscallMitigations];
