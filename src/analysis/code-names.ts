import type { CodePlace } from '../model/call-sites.ts';
import type { Libc } from '../model/program.ts';

/**
 * Functions of a libc that read a clock, a CPU number or a resolution, with the names that symbol tables of glibc, musl,
 * dietlibc and klibc give them (seen with objdump in Debian's; a static glibc keeps `__clock_gettime`, `__gettimeofday`).
 */
const libcClockFunction =
  /^(__)?(clock_gettime|clock_getres|gettimeofday|time|getcpu|sched_getcpu|timespec_get|clock|ftime)(64|_2|_syscall)?$/;

/** Where klibc and dietlibc make every system call: each of their functions jumps there. */
const sharedStubs: { readonly [L in Libc['name']]?: string } = {
  klibc: '__syscall_common',
  dietlibc: '__unified_syscall',
};

export function isLibcClockFunction({ symbol }: CodePlace, libc: Libc['name'] | undefined): boolean {
  if (symbol === undefined) return false;
  return libcClockFunction.test(symbol) || (libc !== undefined && symbol === sharedStubs[libc]);
}

/** syscall(2) as a function of libc: it makes whatever system call its caller asks for. */
export function isSyscallFunction({ symbol }: CodePlace): boolean {
  return symbol === 'syscall';
}

/** Go's own clock code: sys_linux_amd64.s and time_linux_amd64.s, `.abi0` from 1.17 on. */
const goClockFunction = /^(runtime\.(walltime1?|nanotime1?)|time\.now)(\.abi\w+)?$/;

export function isGoClockFunction({ symbol }: CodePlace): boolean {
  return symbol !== undefined && goClockFunction.test(symbol);
}

/** How Go programs make a system call of their choice: package syscall, its inner packages, golang.org/x/sys/unix. */
const goSyscallFunction =
  /^((internal\/)?runtime\/(internal\/)?syscall|syscall|golang\.org\/x\/sys\/unix)\.\w+(\.abi\w+)?$/;

export function isGoSyscallFunction({ symbol }: CodePlace): boolean {
  return symbol !== undefined && goSyscallFunction.test(symbol);
}

/** Go code between its clock code and the program: runtime.nanotime, time.Now, time.Since … */
const goLibraryFunction = /^(runtime|time)\./;

export function isGoLibraryFunction({ symbol }: CodePlace): boolean {
  return symbol !== undefined && goLibraryFunction.test(symbol);
}
