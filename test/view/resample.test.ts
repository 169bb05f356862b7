import { describe, expect, it } from 'vitest';
import { resample } from '../../src/view/resample.ts';

const points = (values: readonly (number | null)[], stepMs = 1_000) =>
  values.map((value, index) => ({ atMs: 1_000_000 + index * stepMs, value }));

describe('resample', () => {
  it('puts the newest last and takes the mean of each stretch', () => {
    expect(resample(points([1, 3, 5, 7]), 2, 4)).toEqual([2, 6]);
  });

  it('leaves time before the first sample empty', () => {
    expect(resample(points([4, 4]), 4, 4)).toEqual([null, null, 4, 4]);
  });

  it('keeps a gap a gap, and zero a zero', () => {
    expect(resample(points([0, null, null, 0]), 4, 4)).toEqual([0, null, null, 0]);
  });

  it('holds a value over stretches shorter than the steps, but not over a hole', () => {
    expect(resample(points([1, 2]), 4, 2)).toEqual([null, 1, 1, 2]);
    const holed = [...points([1, 1, 1, 1, 1]), { atMs: 1_020_000, value: 9 }];
    expect(resample(holed, 20, 20).filter((value) => value === null).length).toBeGreaterThan(5);
  });

  it('is empty without points', () => expect(resample([], 10, 60)).toEqual([]));
});
