import type { Fix } from '../../model/findings.ts';
import type { ClockRead } from '../clock-read.ts';
import { coarseTwins } from '../coarse-twins.ts';
import { namesPhrase } from '../phrase.ts';

/** A clocksource that a vDSO reads only under a condition, and what to say and do where the condition fails. */
export interface Conditional {
  readonly id: string;
  readonly title: string;
  readonly condition: string;
  /** `reads`: of precise clocks, those that enter. */
  readonly fix: (reads: readonly ClockRead[]) => Fix;
  /** Another clocksource that the kernel lists mends it, and nothing is said against that one. */
  readonly switchable?: true;
  readonly reference: string;
}

/** What keeps the hypervisor's clock from user space is mostly its TSC. */
const tscAlone = 'echo tsc > current_clocksource, unless the host promises a stable TSC: by another one, time can jump';

export const conditional: Readonly<Record<string, Conditional>> = {
  'kvm-clock': {
    id: 'kvm-clock-without-vdso',
    title: 'kvm-clock is not readable in user space here, so every precise clock enters the kernel',
    condition: 'PVCLOCK_TSC_STABLE_BIT is not set, or the kernel was booted with no-kvmclock-vsyscall',
    fix: () => ({
      command: 'let the host offer a stable TSC to the guest, and boot without no-kvmclock-vsyscall',
      effect: 'kvm-clock is read in user space',
      risk: 'a change of the host or a reboot of the guest',
      reversible: true,
      wouldNotHelp: tscAlone,
    }),
    reference: 'arch/x86/kernel/kvmclock.c, vread_pvclock in arch/x86/include/asm/vdso/gettimeofday.h',
  },
  xen: {
    id: 'xen-without-vdso',
    title: 'the xen clocksource is not readable in user space here, so every precise clock enters the kernel',
    condition:
      'Xen has no stable TSC for this domain, or does not register its time area, or the kernel is too old for it (4.4 is, 4.15 is not)',
    switchable: true,
    fix: () => ({
      command: 'let Xen give the domain a stable TSC, or move it to a host that does',
      effect: 'the vDSO reads the time area of Xen',
      risk: 'a change of the host or the instance type',
      reversible: true,
    }),
    reference: 'arch/x86/xen/time.c, xen_setup_vsyscall_time_info',
  },
  hyperv_clocksource_tsc_page: {
    id: 'hyperv-page-invalid',
    title: 'the Hyper-V TSC page is not readable in user space here, so every precise clock enters the kernel',
    condition: 'its sequence is 0, or this kernel lost its vDSO mode, or never had one (4.4 had none, 4.15 has)',
    fix: () => ({
      command:
        'run a kernel that has the vDSO mode of Hyper-V (fixed by 3486d2c9be65), on a host with an invariant TSC',
      effect: 'the vDSO reads the TSC page',
      risk: 'a reboot into another kernel',
      reversible: true,
      wouldNotHelp: tscAlone,
    }),
    reference: 'drivers/clocksource/hyperv_timer.c; microsoft/azurelinux PR 1238',
  },
  arch_sys_counter: {
    id: 'counter-erratum',
    title: 'the arm64 counter is not readable in user space here, so every precise clock enters the kernel',
    condition: 'a workaround for an erratum of the counter keeps user space from reading it',
    fix: readCoarse,
    reference: 'drivers/clocksource/arm_arch_timer.c, arch_timer_ool_workaround',
  },
};

function readCoarse(reads: readonly ClockRead[]): Fix {
  const twins = coarseTwins(reads);
  const seldom = 'keep the time for a batch of work, or read it less often';
  return {
    command: twins.length === 0 ? seldom : `use ${namesPhrase(twins)} where the resolution of a timer tick will do`,
    effect: twins.length === 0 ? 'fewer reads enter the kernel' : 'coarse clocks stay in the vDSO',
    risk: twins.length === 0 ? 'a kept time is as old as the batch' : 'coarse times',
    reversible: true,
    wouldNotHelp: `another clocksource: the erratum is of the CPU${twins.length === 0 ? '; these clocks have no coarse one' : ''}`,
  };
}
