import { describe, expect, it } from 'vitest';
import { entryPace } from '../../../src/collect/calls/entry-pace.ts';

const middle = () => 0.5;

describe('the pace of sampling entries', () => {
  it.each([1, 10, 100])('wants two dozen samples in forty milliseconds: %d entries a millisecond', (perMs) => {
    const { windowMs, periods, bounds } = entryPace([perMs], middle);
    const samples = (perMs * windowMs) / (periods[0] ?? 0);
    expect(samples).toBeGreaterThan(16);
    expect(samples).toBeLessThan(bounds[0] ?? 0);
  });

  it('takes every entry where there are few', () => {
    expect(entryPace([0.1], middle)).toMatchObject({ windowMs: 40, periods: [1] });
  });

  it.each([500, 6_000, 50_000])('costs a thread half a millisecond at most, or so: %d a millisecond', (perMs) => {
    const { windowMs, periods, bounds } = entryPace([perMs], middle);
    expect(windowMs).toBeLessThan(12);
    expect((periods[0] ?? 0) * (bounds[0] ?? 0) * 150).toBeLessThan(1.2e6);
  });

  it('asks for no more samples than a ring holds', () => {
    for (let events = 1; events <= 8; events += 1) {
      const { bounds } = entryPace(
        Array.from({ length: events }, () => 100),
        middle,
      );
      expect(bounds.reduce((sum, bound) => sum + bound, 0)).toBeLessThanOrEqual(100);
    }
  });

  it('has periods that share no divisor with a pattern of callers, and different ones each time', () => {
    const periods = Array.from({ length: 50 }, () => entryPace([80], Math.random).periods[0] ?? 0);
    for (const period of periods)
      for (const pattern of [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]) expect(period % pattern).not.toBe(0);
    expect(new Set(periods).size).toBeGreaterThan(5);
  });
});
