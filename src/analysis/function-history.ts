import type { EntryFunction } from '../model/clock-calls.ts';
import { type Arrival, generic, type Machine, riscv } from './clock-table.ts';

/** What a kernel may be built without, so that its version alone does not tell. */
export interface BuildOption {
  readonly since: string;
  /** Absent: of any. */
  readonly machine?: Machine;
  /** When it is served, one phrase. */
  readonly served: string;
}

/**
 * Since when a vDSO answers a function: 'always' is as far back as was read (4.4), 'never' where no vDSO of that machine
 * has it. Absent: it was not read.
 */
export interface FunctionHistory {
  readonly fn: EntryFunction;
  readonly serves: { readonly [M in Machine]?: 'always' | 'never' | Arrival };
  readonly source: string;
  readonly option?: BuildOption;
}

/** arch/x86/entry/vdso/vdso32/vdso32.lds.S of 7.3; that of 7.2 has them always. */
const time32: BuildOption = {
  since: '7.3',
  machine: 'i386',
  served: 'served only with CONFIG_COMPAT_32BIT_TIME',
};

const getcpuOnI386: Arrival = { absentIn: '6.2', presentIn: '6.8', source: 'arch/x86/entry/vdso/vdso32/vdso32.lds.S' };

/** Time functions that take no clock id, and clock_getres. */
export const functionHistory: readonly FunctionHistory[] = [
  {
    fn: 'gettimeofday',
    serves: { x86_64: 'always', i386: 'always', aarch64: 'always', riscv64: riscv },
    source: 'vdso.lds.S of each',
    option: time32,
  },
  {
    fn: 'time',
    serves: { x86_64: 'always', i386: 'always', aarch64: 'never', riscv64: 'never' },
    source: 'lib/vdso/gettimeofday.c, __cvdso_time: it never makes a system call',
    option: time32,
  },
  {
    fn: 'getcpu',
    serves: { x86_64: 'always', i386: getcpuOnI386, aarch64: 'never', riscv64: 'never' },
    source: 'vdso.lds.S of each; arch/riscv/kernel/vdso/getcpu.S is an ecall',
  },
  {
    fn: 'clock_getres',
    serves: { x86_64: generic, i386: generic, aarch64: 'always', riscv64: riscv },
    source: 'vdso.lds.S of each',
  },
];
