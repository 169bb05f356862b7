import type { Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { nativeLibrary } from '../../native.ts';
import { unavailable } from '../reading.ts';

/** Whether an address lies in the kernel's entry code or its clock functions. */
export type IsKernelClock = (address: bigint) => boolean;

const symbols = '/proc/kallsyms';
const capacity = 512;

/**
 * What a clock syscall runs through, as the kernel's sources name it (arch/x86/entry, kernel/time/posix-timers.c,
 * timekeeping.c, the clocksources' read functions). The entry code serves every other syscall too.
 */
const names = [
  'entry_SYSCALL*',
  'entry_SYSRET*',
  'syscall_return_via_sysret',
  'asm_int80_emulation',
  'do_syscall_64',
  'do_int80_emulation',
  'do_fast_syscall_32',
  'x64_sys_call',
  'ia32_sys_call',
  'syscall_enter_from_user_mode*',
  'syscall_exit_to_user_mode*',
  // A timer that expires in entry code, with interrupts off, is told where they are allowed again: in a PVM guest these.
  'pvm_irq_enable',
  '__raw_callee_save_pvm_irq_enable',
  'emulate_vsyscall',
  'el0t_64_sync*',
  'el0_svc*',
  'do_el0_svc*',
  'invoke_syscall*',
  '__x64_sys_clock_get*',
  '__ia32_sys_clock_get*',
  '__arm64_sys_clock_get*',
  '__do_sys_clock_get*',
  '__x64_sys_gettimeofday',
  '__ia32_sys_gettimeofday',
  '__ia32_compat_sys_gettimeofday',
  '__arm64_sys_gettimeofday',
  '__x64_sys_time',
  '__x64_sys_time32',
  '__ia32_sys_time32',
  '__x64_sys_getcpu',
  '__ia32_sys_getcpu',
  '__arm64_sys_getcpu',
  'ktime_get*',
  'timekeeping_get_ns*',
  'posix_get_*',
  'posix_cpu_clock_get*',
  'process_cpu_clock_get',
  'thread_cpu_clock_get',
  'cpu_clock_sample*',
  'thread_group_cputime*',
  'task_sched_runtime',
  'clockid_to_kclock',
  'put_timespec64',
  'put_old_timespec32',
  'read_tsc',
  'read_hpet',
  'acpi_pm_read*',
  'kvm_clock_get_cycles',
  'xen_clocksource_get_cycles',
  'read_hv_clock_*',
  'pvclock_clocksource_read*',
  'arch_counter_get_cnt*',
].join('\n');

/** Reads the kernel's symbols once, on a worker thread: some 60 ms of it. */
export async function findKernelClockFunctions(path = symbols): Promise<IsKernelClock | Unavailable> {
  const words = new BigUint64Array(2 * capacity);
  const count = await nativeLibrary().async.vt_kernel_functions(path, names, words, capacity);
  if (errnoName(count) === 'ENODATA' || count === 0)
    return unavailable(
      'denied',
      `${path} hides the addresses of the kernel's functions`,
      'sudo sysctl kernel.kptr_restrict=0',
    );
  if (count < 0) return unavailable('failed', `reading ${path}: ${errnoName(count)}`);
  return (address) => covers(words, count, address);
}

/** Pairs of start and end, upwards: the last that starts at or below the address. */
function covers(words: BigUint64Array, count: number, address: bigint): boolean {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[2 * middle] ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address < (words[2 * low - 1] ?? 0n);
}
