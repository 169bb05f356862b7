import { expect, it } from 'vitest';
import { createRefusedFunctions } from '../../../src/collect/calls/refused-functions.ts';
import { unavailable } from '../../analysis/snapshot-builder.ts';

const [busy, denied] = [unavailable('failed', 'busy'), unavailable('denied', 'EACCES')];

it('a function that was refused in one thread stays told when others are looked at, and how often it was', () => {
  const refused = createRefusedFunctions();
  expect(refused.read()).toEqual([]);
  refused.add(['clock_gettime', 'gettimeofday'], [undefined, busy]);
  refused.add(['clock_gettime', 'gettimeofday'], [undefined, undefined]);
  expect(refused.read()).toEqual([{ fn: 'gettimeofday', reason: busy, times: 1 }]);
  // Two breakpoints of one function, as 32-bit code has them.
  refused.add(['clock_gettime', 'clock_gettime', 'gettimeofday'], [busy, busy, denied]);
  expect(refused.read()).toEqual([
    { fn: 'gettimeofday', reason: denied, times: 2 },
    { fn: 'clock_gettime', reason: busy, times: 1 },
  ]);
});
