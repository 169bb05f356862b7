import type { Row } from '../scenario.ts';
import { cpuClock, everyAmd64, slow } from './expectations.ts';

/** The live screen on the serial console, 80×24, once on each kernel. */
export const screenRows: readonly Row[] = [
  { boot: 'tsc', kernels: everyAmd64, target: 'CPU clock', way: 'screen', expected: cpuClock, quick: ['6.1'] },
  { boot: 'arm64', kernels: ['6.1-arm64', '6.12-arm64'], target: 'CPU clock', way: 'screen', expected: cpuClock },
  {
    ...{ boot: 'tsc', kernels: ['7'], target: 'glibc', way: 'screen, switched meanwhile' },
    expected: slow('clocksource-not-vdso-capable'),
  },
];
