import { readFileSync } from 'node:fs';
import { buildProgram } from '../../programs/build.ts';
import { countedReads } from '../start/mixed-reads.ts';
import { plainReads } from '../start/plain-reads.ts';
import { startProgram } from '../start/program.ts';
import { javaProgram, pythonProgram } from '../start/runtimes.ts';
import type { Target } from '../target.ts';

const places = ['often', 'sometimes', 'seldom'];
const cpuTime = {
  verdict: 'slow',
  causes: ['clock-never-in-vdso THREAD_CPUTIME_ID'],
  headline: /THREAD_CPUTIME_ID.*the kernel.*no kernel's vDSO serves this clock/,
} as const;
const cpuTimeCounted = { ...cpuTime, counted: { THREAD_CPUTIME_ID: places } };
const time64 = ['-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64'];
const often = (path: string, clock: number) => `--rate 20000 often:${clock}:${path}:1`;
const vsyscall = ['--function', 'gettimeofday', '--path', 'vsyscall', '--rate', '20000', '--wait', '--count', '20000'];

/** Programs whose reads enter the kernel: one cause each, and no other accused. */
export const slowTargets: readonly Target[] = [
  {
    name: 'THREAD_CPUTIME',
    does: 'reads its CPU clock through libc, 20 k/s',
    start: countedReads(20_000, often('libc', 3)),
    expected: {
      ...cpuTimeCounted,
      callers: [{ side: 'kernel', clock: 'THREAD_CPUTIME_ID', symbol: 'often_libc', share: 1 }],
    },
  },
  {
    name: 'syscall()',
    does: "reads MONOTONIC by libc's syscall(), 20 k/s",
    start: countedReads(20_000, often('syscall', 1)),
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall MONOTONIC'],
      evidence: { 'direct-syscall': /MONOTONIC.*often_syscall/ },
      headline: /MONOTONIC.*the kernel.*often_syscall/,
      counted: { MONOTONIC: places },
      callers: [{ side: 'kernel', clock: 'MONOTONIC', symbol: 'often_syscall', share: 1 }],
      wouldNotHelp: { 'direct-syscall': /clocksource/ },
    },
  },
  {
    name: 'own instruction',
    does: 'reads MONOTONIC by a syscall instruction of its own text, 20 k/s',
    start: countedReads(20_000, often('inline', 1)),
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall MONOTONIC'],
      evidence: { 'direct-syscall': /MONOTONIC.*often_instruction/ },
      headline: /MONOTONIC.*the kernel.*often_instruction/,
      counted: { MONOTONIC: places },
      callers: [{ side: 'kernel', clock: 'MONOTONIC', symbol: 'often_instruction', share: 1 }],
      wouldNotHelp: { 'direct-syscall': /clocksource/ },
    },
  },
  {
    name: 'klibc, static',
    does: 'gettimeofday() of klibc, which never looks for the vDSO, 20 k/s',
    start: plainReads('klibc', '20000'),
    expected: {
      verdict: 'slow',
      causes: ['static-libc-without-vdso gettimeofday()'],
      evidence: { 'static-libc-without-vdso': /gettimeofday\(\)/ },
      headline: /gettimeofday\(\).*the kernel.*klibc/,
      libc: 'klibc',
      linkage: 'static',
      callers: [{ side: 'kernel', clock: 'gettimeofday()', symbol: '__syscall_common', share: 1 }],
      wouldNotHelp: { 'static-libc-without-vdso': /clocksource/ },
    },
  },
  {
    name: 'i386, 32-bit time',
    does: 'reads its CPU clock through libc, 20 k/s, as a 32-bit process',
    start: countedReads(20_000, often('libc', 3), { flags: ['-m32'] }),
    expected: { ...cpuTimeCounted, beside: ['compat-32bit'], bits: 32 },
  },
  {
    name: 'i386, 64-bit time',
    does: 'the same by clock_gettime64',
    start: countedReads(20_000, often('libc', 3), { flags: ['-m32', ...time64] }),
    expected: { ...cpuTimeCounted, beside: ['compat-32bit'], bits: 32 },
  },
  {
    name: 'legacy vsyscall',
    does: 'gettimeofday() by the fixed address 0xffffffffff600000, 20 k/s',
    start: () => startProgram(buildProgram('workload'), vsyscall, { go: 'SIGUSR1' }),
    notHere: () => (hasVsyscall() ? undefined : 'no process of this host has an executable [vsyscall] page'),
    expected: {
      verdict: 'slow',
      causes: ['legacy-vsyscall gettimeofday() by vsyscall'],
      headline: /gettimeofday.*the kernel.*legacy vsyscall/,
      counted: { 'gettimeofday() by vsyscall': ['reads'] },
      wouldNotHelp: { 'legacy-vsyscall': /vsyscall=/ },
    },
  },
  {
    name: 'Python',
    does: 'time.thread_time(), some 10 k/s',
    start: pythonProgram,
    expected: { ...cpuTime, runtime: 'python' },
  },
  {
    name: 'JVM',
    does: 'ThreadMXBean.getCurrentThreadCpuTime(), some 10 k/s',
    start: javaProgram,
    expected: { ...cpuTime, runtime: 'jvm' },
  },
];

function hasVsyscall(): boolean {
  return /x[ps] .*\[vsyscall\]$/m.test(readFileSync('/proc/self/maps', 'latin1'));
}
