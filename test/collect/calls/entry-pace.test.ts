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

  const rates = [0.3, 1, 1.7, 2, 2.5, 3, 4, 5, 6, 8, 10, 20, 80, 1_000];

  it.each(rates)(
    'takes all entries or has periods that share no divisor with a pattern of callers: %d a ms',
    (perMs) => {
      for (let times = 0; times < 50; times += 1) {
        const { windowMs, periods, bounds } = entryPace([perMs], Math.random);
        const [period = 0, bound = 0] = [periods[0], bounds[0]];
        for (const pattern of [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]) if (period > 1) expect(period % pattern).not.toBe(0);
        const samples = (perMs * windowMs) / period;
        expect(samples).toBeGreaterThan(perMs < 1 ? 0 : 12);
        expect(samples).toBeLessThan(bound);
      }
    },
  );

  it('has another period each time', () => {
    const periods = Array.from({ length: 50 }, () => entryPace([80], Math.random).periods[0] ?? 0);
    expect(new Set(periods).size).toBeGreaterThan(5);
    expect(new Set(Array.from({ length: 50 }, () => entryPace([3], Math.random).periods[0])).size).toBeGreaterThan(1);
  });
});
