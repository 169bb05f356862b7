import { describe, expect, it } from 'vitest';
import { matches } from '../../lab/options.ts';

describe('--only', () => {
  it.each([
    ['6.1/*', '6.1/hpet/glibc', true],
    ['6.1/*', '6.12/hpet/glibc', false],
    ['*/syscall()', '7/tsc/syscall()', true],
    ['*/syscall()', '7/tsc/static syscall()', false],
    ['6.1', '6.1/hpet/glibc', false],
    ['6*1/hpet/glibc', '6.1/hpet/glibc', true],
  ])('%s and %s: %s', (glob, id, wanted) => {
    expect(matches(glob, id)).toBe(wanted);
  });
});
