import { describe, expect, it } from 'vitest';
import { joinIntervals } from '../../src/analysis/join-intervals.ts';

const interval = (value: number, low: number, high: number) => ({ value, low, high });

describe('what two probes tell of one rate', () => {
  it.each([
    ['the narrower', interval(1_000, 950, 1_050), interval(1_100, 700, 1_500), interval(1_000, 950, 1_050)],
    [
      'at least what the one caught',
      interval(20_000, 467, 244_000),
      interval(70_000, 65_000, Infinity),
      interval(70_000, 65_000, 244_000),
    ],
    [
      'the same though something bounds that',
      interval(20_000, 467, 244_000),
      interval(70_000, 65_000, 65e6),
      interval(70_000, 65_000, 244_000),
    ],
    [
      'and where samples found none',
      interval(0, 0, 244_000),
      interval(70_000, 65_000, 65e6),
      interval(70_000, 65_000, 244_000),
    ],
    [
      'no more for a probe that knows little',
      interval(1_000, 950, 1_050),
      interval(5_000, 0, 200_000),
      interval(1_000, 950, 1_050),
    ],
    ['no more than the one allows', interval(0, 0, 100), interval(400, 50, 5_000), interval(100, 50, 100)],
    ['of none to a bound', interval(0, 0, 3), interval(0, 0, 40_000), interval(0, 0, 3)],
    ['of some that neither is certain of', interval(0, 0, 300), interval(20, 0, 40_000), interval(20, 0, 300)],
    ['of none for certain', interval(0, 0, 0), interval(0, 0, 40), interval(0, 0, 0)],
    ['both, where they exclude each other', interval(100, 90, 110), interval(400, 300, 500), interval(200, 90, 500)],
  ])('is %s', (_what, one, other, both) => {
    expect(joinIntervals(one, other)).toEqual(both);
    expect(joinIntervals(other, one)).toEqual(both);
  });
});
