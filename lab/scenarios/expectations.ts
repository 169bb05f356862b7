import type { KernelName } from '../kernels.ts';
import type { Expected } from '../scenario.ts';

/** Words that many rows of the tables use. */
export const everyAmd64 = ['5.10', '6.1', '6.12', '7'] as const satisfies readonly KernelName[];

export const fast: Expected = { verdict: 'fast', confirmed: [] };

/** Reads that enter the kernel for one reason; what is near it must not hold. */
export function slow(
  cause: string,
  rest: Omit<Expected, 'verdict' | 'confirmed'> & { also?: readonly string[] } = {},
): Expected {
  const { also = [], ...expected } = rest;
  return { verdict: 'slow', confirmed: [cause, ...also], ...expected };
}

export const slowClocksource = slow('clocksource-not-vdso-capable', {
  never: ['direct-syscall', 'vdso-disabled', 'static-libc-without-vdso', 'libc-bypasses-vdso', 'tsc-read-traps'],
  evidence: /clock mode none|it makes that syscall/,
  wouldNotHelp: /libc|program/,
});

export const directSyscall = slow('direct-syscall', {
  never: ['clocksource-not-vdso-capable', 'static-libc-without-vdso', 'libc-bypasses-vdso', 'vdso-disabled'],
  wouldNotHelp: /clocksource/,
});

export const cpuClock = slow('clock-never-in-vdso', {
  never: ['clocksource-not-vdso-capable', 'direct-syscall', 'static-libc-without-vdso', 'vdso-disabled'],
  wouldNotHelp: /clocksource/,
});

export const noVdso = slow('vdso-disabled', {
  never: ['vdso-unmapped', 'clocksource-not-vdso-capable', 'direct-syscall', 'libc-bypasses-vdso'],
});
