import { readFileSync } from 'node:fs';
import { mixedReads } from '../start/mixed-reads.ts';
import { plainReads } from '../start/plain-reads.ts';
import { postgresBackend } from '../start/postgres.ts';
import { goProgram } from '../start/runtimes.ts';
import type { Target } from '../target.ts';
import { pacedReads } from './paced-reads.ts';

const time64 = ['-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64'];
const { args: paced, expected: healthy } = pacedReads;

/** Programs whose reads stay in the vDSO: nothing may be accused, least of all for being static. */
export const fastTargets: readonly Target[] = [
  {
    name: 'glibc, dynamic',
    does: 'reads MONOTONIC through libc, 20 k/s',
    start: mixedReads(paced),
    expected: { ...healthy, bits: 64, linkage: 'dynamic', libc: 'glibc' },
  },
  {
    name: 'glibc, static',
    does: 'the same, linked statically',
    start: mixedReads(paced, { flags: ['-static'] }),
    expected: { ...healthy, linkage: 'static', libc: 'glibc' },
  },
  {
    name: 'musl, dynamic',
    does: 'the same with musl',
    start: mixedReads(paced, { compiler: 'musl-gcc' }),
    expected: { ...healthy, linkage: 'dynamic', libc: 'musl' },
  },
  {
    name: 'musl, static',
    does: 'the same with musl, linked statically',
    start: mixedReads(paced, { compiler: 'musl-gcc', flags: ['-static'] }),
    expected: { ...healthy, linkage: 'static', libc: 'musl' },
  },
  {
    name: 'dietlibc, static',
    does: 'the same with dietlibc',
    start: plainReads('dietlibc', '20000'),
    expected: { ...healthy, linkage: 'static', libc: 'dietlibc' },
  },
  {
    name: 'Go, static',
    does: 'time.Now(), 20 k/s: REALTIME and MONOTONIC by the own vDSO code of Go',
    start: goProgram,
    expected: {
      ...healthy,
      headline: /read through the vDSO.*nothing wrong/,
      fastPerSecond: { REALTIME: 20_000 },
      linkage: 'static',
      runtime: 'go',
    },
  },
  {
    name: 'i386, 32-bit time',
    does: 'reads MONOTONIC through libc, 20 k/s, as a 32-bit process',
    start: mixedReads(paced, { flags: ['-m32'] }),
    expected: { ...healthy, beside: ['compat-32bit'], bits: 32 },
  },
  {
    name: 'i386, 64-bit time',
    does: 'the same by clock_gettime64',
    start: mixedReads(paced, { flags: ['-m32', ...time64] }),
    expected: { ...healthy, beside: ['compat-32bit'], bits: 32 },
  },
  {
    name: 'kvm-clock',
    does: 'reads MONOTONIC through libc on a host whose clocksource is kvm-clock',
    start: mixedReads(paced),
    notHere: () => (clocksource() === 'kvm-clock' ? undefined : `the clocksource of this host is ${clocksource()}`),
    expected: healthy,
  },
  {
    name: 'a hot loop',
    does: 'reads MONOTONIC through libc without a pause',
    start: mixedReads('--rate hot often:1:libc:1'),
    expected: {
      verdict: 'fast',
      causes: ['fast-but-hot'],
      headline: /MONOTONIC.*vDSO/,
      callers: [{ side: 'vdso', clock: 'MONOTONIC', symbol: 'often_libc', share: 1 }],
    },
  },
  {
    name: 'PostgreSQL',
    does: 'EXPLAIN ANALYZE of a sequential scan, every row timed',
    start: postgresBackend,
    watchMs: 10_000,
    expected: { verdict: 'fast', causes: ['fast-but-hot'], headline: /MONOTONIC.*vDSO/, libc: 'glibc' },
  },
];

function clocksource(): string {
  return readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'latin1').trim();
}
