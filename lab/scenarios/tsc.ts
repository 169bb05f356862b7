import type { Row } from '../scenario.ts';
import { cpuClock, directSyscall, everyAmd64, fast, slow } from './expectations.ts';

const healthy = { boot: 'tsc', expected: fast } as const;

/** A machine with nothing wrong: what is slow there is so by the program or by the clock that it reads. */
export const tscRows: readonly Row[] = [
  { ...healthy, kernels: everyAmd64, target: 'glibc', quick: ['5.10', '6.1', '7'] },
  { ...healthy, kernels: ['6.12'], target: 'glibc static' },
  { ...healthy, kernels: ['6.1'], target: 'musl' },
  { ...healthy, kernels: ['7'], target: 'musl static' },
  { ...healthy, kernels: ['5.10', '7'], target: 'Go' },
  { ...healthy, kernels: ['6.1'], target: 'Node' },
  {
    ...{ boot: 'tsc', kernels: ['7'], target: 'i386', quick: ['7'] },
    expected: { ...fast, confirmed: ['compat-32bit'] },
  },
  {
    ...{ boot: 'tsc', kernels: ['6.1'], target: 'i386 time64' },
    expected: { ...fast, confirmed: ['compat-32bit'] },
  },
  { boot: 'tsc', kernels: ['6.1'], target: 'glibc', way: 'perf counters', expected: fast },
  {
    ...{ boot: 'tsc', kernels: ['7'], target: 'glibc', way: 'time namespace' },
    expected: { ...fast, confirmed: ['time-namespace'] },
  },
  { boot: 'tsc', kernels: everyAmd64, target: 'syscall()', expected: directSyscall, quick: ['5.10', '7'] },
  { boot: 'tsc', kernels: ['6.12'], target: 'static syscall()', expected: directSyscall },
  { boot: 'tsc', kernels: ['6.1'], target: 'own instruction', expected: directSyscall },
  { boot: 'tsc', kernels: ['6.12'], target: 'both', expected: directSyscall },
  { boot: 'tsc', kernels: everyAmd64, target: 'CPU clock', expected: cpuClock, quick: ['5.10', '7'] },
  { boot: 'tsc', kernels: ['6.12'], target: 'static CPU clock', expected: cpuClock },
  {
    ...{ boot: 'tsc', kernels: ['7'], target: 'i386 CPU clock' },
    expected: { ...cpuClock, confirmed: ['clock-never-in-vdso', 'compat-32bit'] },
  },
  {
    ...{ boot: 'tsc', kernels: ['6.1'], target: 'klibc', quick: ['6.1'] },
    expected: slow('static-libc-without-vdso', { never: ['direct-syscall', 'clocksource-not-vdso-capable'] }),
  },
  {
    // It tells no time: neither slow nor fast is said of it, and what it costs is.
    ...{ boot: 'tsc', kernels: ['6.1'], target: 'getres musl' },
    expected: { verdict: 'unknown', confirmed: [], headline: /clock_getres\(\) entered the kernel/ },
  },
  { boot: 'tsc', kernels: ['6.12'], target: 'idle', expected: { verdict: 'unknown', confirmed: [] } },
  { boot: 'one CPU', kernels: ['6.12'], target: 'glibc', expected: fast },
  { boot: 'one CPU', kernels: ['6.12'], target: 'syscall()', expected: directSyscall },
];
