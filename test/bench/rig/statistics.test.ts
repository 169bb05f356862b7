import { describe, expect, it } from 'vitest';
import {
  bootstrap,
  mean,
  median,
  quantile,
  seededRandom,
  shuffled,
  trimmedMean,
} from '../../../bench/rig/statistics.ts';

describe('quantile', () => {
  it('is that of R and NumPy', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.1)).toBeCloseTo(14);
    expect(quantile([10, 20, 30, 40, 50], 1)).toBe(50);
  });

  it('is not a number where nothing was measured', () => {
    expect(median([])).toBeNaN();
  });
});

describe('trimmedMean', () => {
  it('leaves out the tenth at either end', () => {
    expect(trimmedMean([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000])).toBe(5.5);
    expect(trimmedMean([1, 2, 6])).toBe(3);
  });
});

describe('bootstrap', () => {
  /** Normal by Box and Muller, standard deviation 1. */
  const normal = (count: number, centre: number, random: () => number) =>
    Array.from(
      { length: count },
      () => centre + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );

  it('gives the mean the interval that theory gives it', () => {
    const values = normal(400, 7, seededRandom(3));
    const { value, low, high } = bootstrap(values);
    expect(value).toBe(mean(values));
    // ± 1.96 standard errors of 1/20.
    expect(high - low).toBeGreaterThan(0.17);
    expect(high - low).toBeLessThan(0.23);
  });

  it('holds the true mean nineteen times in twenty', () => {
    const random = seededRandom(11);
    const runs = Array.from({ length: 200 }, () => bootstrap(normal(60, 0, random), mean, random, 400));
    const holding = runs.filter(({ low, high }) => low <= 0 && high >= 0).length;
    expect(holding).toBeGreaterThan(200 * 0.89);
    expect(holding).toBeLessThan(200);
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, and spread over all of 0 to 1', () => {
    const draw = (seed: number) => Array.from({ length: 10_000 }, seededRandom(seed));
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(mean(draw(5))).toBeCloseTo(0.5, 1);
    expect(Math.min(...draw(5))).toBeLessThan(0.01);
    expect(Math.max(...draw(5))).toBeGreaterThan(0.99);
  });

  it('bring every order', () => {
    const orders = new Set(Array.from({ length: 200 }, () => shuffled(['a', 'b', 'c']).join('')));
    expect(orders.size).toBe(6);
  });
});
