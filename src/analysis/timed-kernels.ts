import type { Machine } from './clock-table.ts';

/** A kernel on which every clock of these tables was timed by both paths, and was answered where they say so. */
interface TimedKernel {
  readonly machine: Machine;
  /** Debian's version of it. */
  readonly version: string;
}

/** The lab holds each report of a healthy machine against the tables (lab/mistimed-clocks.ts); docs/lab.md has these runs. */
export const timedKernels: readonly TimedKernel[] = [
  { machine: 'x86_64', version: '5.10.262-1' },
  { machine: 'x86_64', version: '6.1.192-2' },
  { machine: 'x86_64', version: '6.12.118-1' },
  { machine: 'x86_64', version: '7.2.12-1' },
  { machine: 'aarch64', version: '6.1.192-2' },
  { machine: 'aarch64', version: '6.12.118-1' },
];
