import { describe, expect, it } from 'vitest';
import { countingPeriods } from '../../../src/collect/calls/counting-periods.ts';

const randoms = Array.from({ length: 50 }, (_, index) => index / 50);

describe('how a window that counts is armed', () => {
  it.each([[[48, 48, 48]], [[4_000, 48, 0]], [[4_000, 4_000, 4_000, 4_000]]])(
    'for %j calls: one record of a prime number of them, no more than a ring holds, and none too few calls',
    (most) => {
      for (const random of randoms) {
        const { periods, bounds } = countingPeriods(most, () => random);
        expect(bounds.reduce((sum, bound) => sum + bound, 0)).toBeLessThan(370);
        for (const [event, calls] of most.entries()) {
          const period = periods[event] ?? 0;
          for (const pattern of [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15]) expect(period % pattern).not.toBe(0);
          expect(period).toBeGreaterThanOrEqual(15);
          expect(period * (bounds[event] ?? 0)).toBeGreaterThanOrEqual(calls);
          expect(period * (bounds[event] ?? 0)).toBeLessThan(calls + period);
        }
      }
    },
  );

  it('sees callers in turn as often as they call, where bursts begin with the same one each time', () => {
    const turn = 'aabacbabac';
    for (const random of randoms) {
      const period = countingPeriods([240], () => random).periods[0] ?? 0;
      const told = Array.from({ length: 10 }, (_, at) => turn[((at + 1) * period - 1) % turn.length]);
      expect(told.filter((caller) => caller === 'a').length).toBe(5);
    }
  });

  it('is another each time', () => {
    const periods = new Set(randoms.map((random) => countingPeriods([4_000], () => random).periods[0]));
    expect(periods.size).toBeGreaterThan(5);
  });
});
