import { buildProgram } from '../../programs/build.ts';
import { countedReads, mixedReads } from '../start/mixed-reads.ts';
import { startProgram } from '../start/program.ts';
import { tool } from '../start/tool.ts';
import { underStrace } from '../start/traced.ts';
import type { Target } from '../target.ts';
import { pacedReads } from './paced-reads.ts';

const { args: paced, expected: healthy } = pacedReads;
const cpuTime = {
  verdict: 'slow',
  causes: ['clock-never-in-vdso THREAD_CPUTIME_ID'],
  headline: /THREAD_CPUTIME_ID.*the kernel.*no kernel's vDSO serves this clock/,
} as const;
const faketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const inTimeNamespace = ['unshare', '-T', '--boottime', '1000', '--fork', '--kill-child'];

/** What surrounds the program is named for what it is: a cause only where it is one. */
export const surroundedTargets: readonly Target[] = [
  {
    name: 'valgrind',
    does: 'reads MONOTONIC through libc, 5 k/s, under valgrind, which unmaps [vdso] and leaves [vvar]',
    start: () => {
      const valgrind = [tool('valgrind', '/usr/bin/valgrind'), '-q', '--tool=none'];
      return mixedReads('--rate 5000 often:1:libc:1', { under: valgrind, settleMs: 2_500 })();
    },
    expected: { verdict: 'slow', causes: ['vdso-unmapped MONOTONIC'], headline: /MONOTONIC.*the kernel.*\[?vdso\]?/i },
  },
  {
    name: 'libfaketime',
    does: 'reads MONOTONIC, 20 k/s, with libfaketime preloaded',
    start: () => mixedReads(paced, { environment: { LD_PRELOAD: tool('faketime', faketime), FAKETIME: '+1d' } })(),
    expected: { ...healthy, beside: ['interposed-libc'], headline: /MONOTONIC.* read through the vDSO/ },
  },
  {
    name: 'patched vDSO',
    does: 'reads MONOTONIC through libc, 20 k/s, by a vDSO that was patched to hand its calls on to a page elsewhere, as tools that record and replay do',
    start: () => startProgram(buildProgram('patched-vdso'), ['away']),
    notHere: () => (process.arch === 'x64' ? undefined : 'the patch is code for x86-64'),
    expected: {
      verdict: 'slow',
      causes: [],
      beside: ['vdso-image-modified'],
      headline:
        /MONOTONIC enters the kernel .* something has written to that of the target, which may hand its calls on/,
    },
  },
  {
    name: 'time namespace',
    does: 'reads MONOTONIC through libc, 20 k/s, in a time namespace of its own',
    start: mixedReads(paced, { under: inTimeNamespace, asChild: true }),
    expected: { ...healthy, beside: ['time-namespace'] },
  },
  {
    name: 'strace',
    does: 'reads its CPU clock through libc, 3 k/s, with strace attached',
    start: underStrace(mixedReads('--rate 3000 often:3:libc:1')),
    expected: { ...cpuTime, beside: ['tracer-attached'] },
  },
  {
    name: 'strace, fast reads',
    does: 'reads MONOTONIC through libc, 20 k/s, with strace attached',
    start: underStrace(mixedReads(paced)),
    expected: { ...healthy, beside: ['tracer-attached'] },
  },
  {
    name: 'seccomp filter',
    does: 'reads its CPU clock through libc, 20 k/s, under a seccomp filter',
    start: () => countedReads(20_000, '--rate 20000 often:3:libc:1', { under: [buildProgram('under-filter')] })(),
    expected: { ...cpuTime, beside: ['seccomp-filter'], counted: { THREAD_CPUTIME_ID: ['often'] } },
  },
  {
    name: '2,000 threads',
    does: 'one of 2,000 threads reads its CPU clock, 20 k/s',
    start: countedReads(20_000, '--sleepers 2000 --rate 20000 often:3:libc:1', { settleMs: 1_000 }),
    expected: {
      ...cpuTime,
      counted: { THREAD_CPUTIME_ID: ['often'] },
      callers: [{ side: 'kernel', clock: 'THREAD_CPUTIME_ID', symbol: 'often_libc', share: 1 }],
    },
  },
  {
    name: 'exec',
    does: 'reads MONOTONIC through libc, and becomes another program that reads its CPU clock, 20 k/s',
    start: mixedReads(`${paced} --then --rate 20000 often:3:libc:1`, { go: 'SIGUSR2' }),
    watchMs: 5_000,
    expected: { ...cpuTime, event: /^target-exec/ },
  },
];
