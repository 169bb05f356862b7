import type { Row } from '../scenario.ts';
import { cpuClock, directSyscall, fast, noVdso, slow } from './expectations.ts';

const off = { boot: 'vdso=0', kernels: ['6.1', '7'] } as const;
const legacy = slow('legacy-vsyscall', {
  never: ['direct-syscall', 'clocksource-not-vdso-capable'],
  wouldNotHelp: /vsyscall=/,
});

const noCompatVdso = slow('vdso-disabled', {
  also: ['compat-32bit'],
  never: ['clocksource-not-vdso-capable', 'vdso-unmapped'],
  evidence: /AT_SYSINFO_EHDR/,
});

/** Kernels that map no vDSO, none for 32-bit programs, or the legacy page in one of its three ways. */
export const vdsoRows: readonly Row[] = [
  { ...off, target: 'glibc', expected: noVdso, quick: ['7'] },
  { boot: 'vdso=0', kernels: ['6.1'], target: 'glibc static', expected: noVdso },
  { boot: 'vdso=0', kernels: ['6.1'], target: 'musl', expected: noVdso },
  { boot: 'vdso=0', kernels: ['7'], target: 'Go', expected: noVdso },
  { boot: 'vdso=0', kernels: ['6.1'], target: 'syscall()', expected: directSyscall },
  { boot: 'vdso=0', kernels: ['7'], target: 'CPU clock', expected: cpuClock },
  { boot: 'vdso=0, hpet', kernels: ['6.12'], target: 'glibc', expected: noVdso },
  { boot: 'vdso32=0', kernels: ['6.1'], target: 'glibc', expected: fast },
  { boot: 'vdso32=0', kernels: ['6.1'], target: 'i386', expected: noCompatVdso },
  { boot: 'tsc', kernels: ['6.1', '7'], target: 'i386', way: 'vsyscall32 off', expected: noCompatVdso },
  { boot: 'tsc', kernels: ['6.1'], target: 'i386', way: 'vsyscall32 off at its start', expected: noCompatVdso },
  { boot: 'vsyscall=emulate', kernels: ['6.1'], target: 'vsyscall', expected: legacy },
  { boot: 'vsyscall=emulate', kernels: ['6.1'], target: 'glibc', expected: fast },
  { boot: 'vsyscall=xonly', kernels: ['7'], target: 'vsyscall', expected: legacy, quick: ['7'] },
  { boot: 'vsyscall=xonly', kernels: ['7'], target: 'glibc', expected: fast },
  { boot: 'vsyscall=none', kernels: ['6.12'], target: 'glibc', expected: fast },
];
