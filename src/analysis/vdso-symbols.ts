import type { EntryFunction } from '../model/clock-calls.ts';

/** Symbols by which a vDSO serves a function: most architectures, then arm64, powerpc and s390. */
export const vdsoSymbols: { readonly [F in EntryFunction]?: readonly string[] } = {
  clock_gettime: ['__vdso_clock_gettime', '__vdso_clock_gettime64', '__kernel_clock_gettime'],
  gettimeofday: ['__vdso_gettimeofday', '__kernel_gettimeofday'],
  time: ['__vdso_time', '__kernel_time'],
  getcpu: ['__vdso_getcpu', '__kernel_getcpu'],
};
