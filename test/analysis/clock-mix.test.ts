import { describe, expect, it } from 'vitest';
import { mixOfClocks } from '../../src/analysis/clock-mix.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';

const windowsUsedUpAfter = (ms: readonly number[]): readonly FastWindow[] =>
  ms.map((usedUpAfterMs) => ({
    tid: 1,
    armedMs: 50,
    functions: [{ fn: 'clock_gettime', hits: [{ slot: 1, count: 48 }], usedUpAfterMs }],
  }));
const mixOf = (ms: readonly number[]) =>
  mixOfClocks(
    { caught: windowsUsedUpAfter(ms), counted: [], nsPerHit: { caught: 4_000, counted: 2_000 } },
    'clock_gettime',
    new Map(),
  );

it.each([
  ['that were used up by calls which come evenly are not cut', [20, 21, 20, 19, 20, 21, 20, 19], false],
  ['that waited each as long as it happened are', [3, 9, 14, 20, 26, 31, 37, 42], true],
  ['of which one was used up at once are too', [0, 3, 9, 14, 20, 26, 31, 37, 42], true],
])('windows %s, and nothing is told of other clocks where they are: %o', (_, ms, isOpen) => {
  expect(mixOf(ms)?.isOpen).toBe(isOpen);
});

describe('threads that read a clock of their own each', () => {
  const windowOf = (tid: number, slot: number): FastWindow => ({
    tid,
    armedMs: 50,
    functions: [{ fn: 'clock_gettime', hits: [{ slot, count: 20 }] }],
  });
  const caught = Array.from({ length: 10 }, () => [windowOf(1, 1), windowOf(2, 3)]).flat();
  const partOfFirst = (samples: readonly (readonly [number, number])[]) =>
    mixOfClocks(
      { caught, counted: [], nsPerHit: { caught: 4_000, counted: 2_000 } },
      'clock_gettime',
      new Map(samples),
    )?.slots.get(1);

  it('are not told to call nothing because the only CPU sample is of the other', () => {
    expect(partOfFirst([[2, 1]])?.high).toBeGreaterThan(0.7);
    expect(partOfFirst([[1, 1]])?.low).toBeLessThan(0.3);
  });

  it('have their parts told closely by many samples', () => {
    const part = partOfFirst([
      [1, 300],
      [2, 100],
    ]);
    expect(part?.value).toBeCloseTo(0.75);
    expect(part?.high).toBeLessThan(0.92);
  });
});
