import type { Evidence, Fix } from '../../model/findings.ts';
import { bootParameters } from '../boot-parameters.ts';
import { supports } from '../rule.ts';

/** How a kernel for x86 is told to map no vDSO: at boot, and for 32-bit programs at any time. */
export interface VdsoSwitch {
  readonly bits: 32 | 64;
  readonly commandLine: string | undefined;
  /** abi.vsyscall32 as it is now: whether 32-bit programs that are started now get one. */
  readonly compatNow: boolean | undefined;
}

const parameters = { 64: 'vdso', 32: 'vdso32' } as const;

/** 'vdso32=0': the last parameter of that name counts, and its value is what strtoul reads (vma.c and vdso32-setup.c of arch/x86/entry/vdso). */
export function offParameter({ commandLine, bits }: VdsoSwitch): string | undefined {
  const last = bootParameters(commandLine ?? '').findLast((word) => word.startsWith(`${parameters[bits]}=`));
  if (last === undefined) return undefined;
  const number = Number(/=(0x[\da-f]+|\d+)/i.exec(last)?.[1] ?? 0);
  return (bits === 64 ? number !== 0 : number === 1) ? undefined : last;
}

export const sysctlPath = '/proc/sys/abi/vsyscall32';

/**
 * What the host says of 32-bit programs. The sysctl works on what is started after it was written: its value speaks of a
 * program that runs already, and proves nothing.
 */
export function switchEvidence(host: VdsoSwitch): readonly Evidence[] {
  const parameter = offParameter(host);
  const booted = `the kernel was booted with ${parameter}`;
  const off = 'abi.vsyscall32 is off: no 32-bit program that is started now gets a vDSO';
  return [
    ...(host.compatNow === false ? [supports('strong', off, sysctlPath)] : []),
    ...(parameter === undefined ? [] : [supports(host.compatNow ? 'weak' : 'strong', booted, '/proc/cmdline')]),
  ];
}

/** Of a target whose kind of vDSO the host has switched off, or had when it was started. */
export function switchOnFix(host: VdsoSwitch): Fix {
  return host.bits === 32 && host.compatNow !== undefined ? sysctlFix(host) : rebootFix(host);
}

function sysctlFix(host: VdsoSwitch): Fix {
  const parameter = offParameter(host);
  const lasting = parameter === undefined ? '' : ` (and remove ${parameter} from the kernel command line)`;
  const set = `sudo sysctl abi.vsyscall32=1${lasting}, then start the target again`;
  return {
    command: host.compatNow ? 'start the target again: abi.vsyscall32 is 1 by now' : set,
    effect: '32-bit programs that are started from then on get a vDSO',
    risk: 'that of a new start',
    reversible: true,
    wouldNotHelp: 'another clocksource: without a vDSO every read enters the kernel',
  };
}

function rebootFix(host: VdsoSwitch): Fix {
  const parameter = offParameter(host);
  const otherKernel = host.bits === 32 ? 'boot a kernel that maps a 32-bit vDSO' : 'boot a kernel that maps a vDSO';
  return {
    command: parameter === undefined ? otherKernel : `remove ${parameter} from the kernel command line and reboot`,
    effect: host.bits === 32 ? 'every 32-bit process gets a vDSO' : 'every process gets a vDSO again',
    risk: 'a reboot',
    reversible: true,
    wouldNotHelp: 'another clocksource: without a vDSO every read enters the kernel',
  };
}
