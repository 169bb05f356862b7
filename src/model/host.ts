import type { Mapping } from './mappings.ts';
import type { Available, Reading, Unavailable } from './reading.ts';
import type { VdsoImage } from './vdso.ts';

export interface KernelLogLine {
  /** Seconds since boot, as the kernel stamps it. */
  readonly bootSeconds: number;
  readonly text: string;
}

/** Lines about TSC and clocksources only. An empty list means the log was read whole and has none. */
export interface KernelLog extends Available<readonly KernelLogLine[]> {
  /** Where there are too many to keep: how many are here from its beginning and from its end, and of how many. */
  readonly cut?: { readonly first: number; readonly last: number; readonly of: number };
}

/** What the CPU flags say of the counter; each absent flag is simply not in the list. */
export interface CpuFacts {
  readonly model: string;
  readonly flags: readonly string[];
}

export interface HostFacts {
  readonly hostname: Reading<string>;
  readonly architecture: Reading<string>;
  readonly kernelRelease: Reading<string>;
  readonly kernelCommandLine: Reading<string>;
  readonly currentClocksource: Reading<string>;
  readonly availableClocksources: Reading<readonly string[]>;
  readonly cpu: Reading<CpuFacts>;
  readonly onlineCpus: Reading<number>;
  /** 'none' where none shows (one can hide), else its name ('kvm', 'xen', 'hyperv', 'vmware', 'qemu-tcg', 'unknown'). */
  readonly hypervisor: Reading<string>;
  /** /sys/devices/system/cpu/vulnerabilities: file name → its line; these price a syscall. */
  readonly mitigations: Reading<Readonly<Record<string, string>>>;
  readonly cpuGovernor: Reading<string>;
  readonly numaNodes: Reading<number>;
  readonly nohzFull: Reading<string>;
  readonly isolatedCpus: Reading<string>;
  readonly kernelLog: KernelLog | Unavailable;
  readonly perfEventParanoid: Reading<number>;
  /** Our own process's mappings and vDSO: the healthy neighbour that the target is compared with. */
  readonly ownMappings: Reading<readonly Mapping[]>;
  readonly ownVdso: Reading<VdsoImage>;
  /** Whether 32-bit programs that are started now get a vDSO (sysctl abi.vsyscall32). Older recordings do not say. */
  readonly compatVdso?: Reading<boolean>;
  /** Asked of systeminformation once, after the first frame: 'Debian GNU/Linux 12 (bookworm)'. */
  readonly distribution: Reading<string>;
  /** Maker and model of the machine, or of the virtual machine. */
  readonly machineModel: Reading<string>;
  /** Others who watch clock system calls: ftrace events switched on, processes that hold events or programs there. */
  readonly otherWatchers: Reading<readonly string[]>;
  /** Another kernel standing in for Linux, as our own process sees it; its clock path is its own. */
  readonly foreignKernel: Reading<'none' | 'gvisor' | 'uml' | 'wsl1'>;
  /** Effective capabilities of vdsotop, lower case without CAP_ ('bpf', 'perfmon', 'sys_admin', 'sys_ptrace' …). */
  readonly capabilities: Reading<readonly string[]>;
}
