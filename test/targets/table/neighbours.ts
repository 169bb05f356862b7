import { buildProgram } from '../../programs/build.ts';
import { countedReads, mixedReads } from '../start/mixed-reads.ts';
import { plainReads } from '../start/plain-reads.ts';
import type { Caller, Target } from '../target.ts';

const weights = { often: 0.5, sometimes: 0.3, seldom: 0.2 } as const;
const threeCallers = (side: Caller['side'], clock: string): readonly Caller[] =>
  Object.entries(weights).map(([place, share]) => ({ side, clock, symbol: `${place}_libc`, share }));
const healthy = { verdict: 'fast', causes: [], headline: /MONOTONIC is read through the vDSO/ } as const;
const library = () => buildProgram('ratelimit', ['-shared', '-fPIC']);
const mix = (clock: number) => `often:${clock}:libc:5 sometimes:${clock}:libc:3 seldom:${clock}:libc:2`;

/** Pairs that look alike and are not: of each the report says which obvious fix would not help. */
export const neighbourTargets: readonly Target[] = [
  {
    name: 'static, but direct',
    does: 'a static glibc binary that reads MONOTONIC by syscall(), 20 k/s',
    start: countedReads(20_000, '--rate 20000 often:1:syscall:1', { flags: ['-static'] }),
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall MONOTONIC'],
      evidence: { 'direct-syscall': /MONOTONIC.*often_syscall/ },
      headline: /MONOTONIC.*the kernel.*often_syscall/,
      counted: { MONOTONIC: ['often'] },
      linkage: 'static',
      wouldNotHelp: { 'direct-syscall': /link|libc/ },
    },
  },
  {
    name: 'slow beside fast',
    does: 'one thread reads its CPU clock and MONOTONIC through libc, 10 k/s each',
    start: mixedReads('--rate 20000 often:3:libc:1 sometimes:1:libc:1'),
    expected: {
      verdict: 'slow',
      causes: ['clock-never-in-vdso THREAD_CPUTIME_ID'],
      headline: /THREAD_CPUTIME_ID.*the kernel.*no kernel's vDSO serves this clock/,
      perSecond: { THREAD_CPUTIME_ID: 10_000 },
      fastPerSecond: { MONOTONIC: 10_000 },
      callers: [
        { side: 'kernel', clock: 'THREAD_CPUTIME_ID', symbol: 'often_libc', share: 1 },
        { side: 'vdso', clock: 'MONOTONIC', symbol: 'sometimes_libc', share: 1 },
      ],
      wouldNotHelp: { 'clock-never-in-vdso': /clocksource/ },
    },
  },
  {
    name: 'two ways past the vDSO',
    does: 'reads MONOTONIC by syscall() and by an instruction in a library, 6 and 4 of 10',
    start: () => mixedReads(`--rate 20000 --library ${library()} often:1:syscall:6 sometimes:1:library:4`)(),
    watchMs: 10_000,
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall MONOTONIC'],
      evidence: { 'direct-syscall': /MONOTONIC.*often_syscall/ },
      headline: /MONOTONIC.*the kernel.*often_syscall/,
      perSecond: { MONOTONIC: 20_000 },
      callers: [
        { side: 'kernel', clock: 'MONOTONIC', symbol: 'often_syscall', share: 0.6 },
        { side: 'kernel', clock: 'MONOTONIC', symbol: 'ratelimit', share: 0.4 },
      ],
      wouldNotHelp: { 'direct-syscall': /clocksource/ },
    },
  },
  {
    name: 'two causes on one row',
    does: 'gettimeofday() of klibc and, as often, by an instruction of its own text',
    start: plainReads('klibc', '10000 own'),
    watchMs: 10_000,
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall gettimeofday()', 'static-libc-without-vdso gettimeofday()'],
      evidence: {
        'direct-syscall': /gettimeofday\(\).*read_by_own_instruction/,
        'static-libc-without-vdso': /gettimeofday\(\).*__syscall_common/,
      },
      headline: /gettimeofday\(\).*the kernel/,
      callers: [
        { side: 'kernel', clock: 'gettimeofday()', symbol: '__syscall_common', share: 0.5 },
        { side: 'kernel', clock: 'gettimeofday()', symbol: 'read_by_own_instruction', share: 0.5 },
      ],
      wouldNotHelp: { 'static-libc-without-vdso': /./, 'direct-syscall': /./ },
    },
  },
  {
    name: 'one clock, both paths',
    does: 'reads BOOTTIME through libc and by syscall(), 10 k/s each',
    start: mixedReads('--rate 20000 often:7:libc:1 sometimes:7:syscall:1'),
    expected: {
      verdict: 'slow',
      causes: ['direct-syscall BOOTTIME'],
      evidence: { 'direct-syscall': /BOOTTIME.*sometimes_syscall/ },
      headline: /BOOTTIME.*the kernel.*sometimes_syscall/,
      perSecond: { BOOTTIME: 10_000 },
      fastPerSecond: { BOOTTIME: 10_000 },
      callers: [
        { side: 'kernel', clock: 'BOOTTIME', symbol: 'sometimes_syscall', share: 1 },
        { side: 'vdso', clock: 'BOOTTIME', symbol: 'often_libc', share: 1 },
      ],
      wouldNotHelp: { 'direct-syscall': /clocksource/ },
    },
  },
  {
    name: 'three callers, slow',
    does: 'three functions without frame pointers read the CPU clock through libc, 5, 3 and 2 of 10',
    start: mixedReads(`--rate 20000 ${mix(3)}`),
    watchMs: 20_000,
    expected: {
      verdict: 'slow',
      causes: ['clock-never-in-vdso THREAD_CPUTIME_ID'],
      headline: /THREAD_CPUTIME_ID.*the kernel/,
      callers: threeCallers('kernel', 'THREAD_CPUTIME_ID'),
    },
  },
  {
    name: 'three callers, slow and in step',
    does: 'the same 2,500 times a second, in bursts of ten that begin with the same caller each time',
    start: mixedReads(`--rate 2500 ${mix(3)}`),
    expected: {
      verdict: 'slow',
      causes: ['clock-never-in-vdso THREAD_CPUTIME_ID'],
      headline: /THREAD_CPUTIME_ID.*the kernel/,
      perSecond: { THREAD_CPUTIME_ID: 2_500 },
      callers: threeCallers('kernel', 'THREAD_CPUTIME_ID'),
    },
  },
  {
    name: 'three callers, fast',
    does: 'three such functions read MONOTONIC, 19 k/s',
    start: mixedReads(`--rate 19000 ${mix(1)}`),
    watchMs: 20_000,
    expected: { ...healthy, fastPerSecond: { MONOTONIC: 19_000 }, callers: threeCallers('vdso', 'MONOTONIC') },
  },
  {
    name: 'three callers, in step',
    does: 'the same in bursts that begin with the same caller each time',
    start: mixedReads(`--rate 20000 ${mix(1)}`),
    watchMs: 20_000,
    expected: { ...healthy, fastPerSecond: { MONOTONIC: 20_000 }, callers: threeCallers('vdso', 'MONOTONIC') },
  },
  {
    name: 'three callers, looked at often',
    does: 'the same under --fast-calls 2%',
    start: mixedReads(`--rate 20000 ${mix(1)}`),
    watchMs: 20_000,
    options: ['--fast-calls', '2%'],
    expected: { ...healthy, fastPerSecond: { MONOTONIC: 20_000 }, callers: threeCallers('vdso', 'MONOTONIC') },
  },
];
