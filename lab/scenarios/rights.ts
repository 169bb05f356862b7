import type { Row } from '../scenario.ts';
import { cpuClock } from './expectations.ts';

const blind = { verdict: 'unknown', confirmed: [] } as const;

/** What may be seen without rights, or without what the counters need: nothing is claimed that was not seen. */
export const rightsRows: readonly Row[] = [
  { boot: 'tsc', kernels: ['6.1'], target: 'CPU clock', way: 'user, paranoid 2', expected: blind },
  { boot: 'tsc', kernels: ['7'], target: 'CPU clock', way: 'user, paranoid 3', expected: blind },
  { boot: 'hpet', kernels: ['6.1'], target: 'glibc', way: 'user, paranoid 3', expected: blind },
  { boot: 'tsc', kernels: ['7'], target: 'CPU clock', way: 'no tracefs', expected: blind, quick: ['7'] },
  { boot: 'tsc', kernels: ['6.12'], target: 'CPU clock', way: 'no perf', expected: cpuClock },
];
