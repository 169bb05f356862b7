import { describe, expect, it } from 'vitest';
import { unslowedRate } from '../../src/analysis/unslowed-rate.ts';

/** Windows that catch calls of `perSecond`, and such that count them, each told within 1 %; slowed: a hit delays all that follows. */
function windowsOf(
  perSecond: number,
  slowed: boolean,
  { caughtNs, countedNs }: { caughtNs: number; countedNs: number },
) {
  const armed = (ns: number) => {
    const value = 1e9 / (1e9 / perSecond + (slowed ? ns : 0));
    return { rate: { value, low: value * 0.99, high: value * 1.01 }, price: { ns, slack: 1.25 } };
  };
  return unslowedRate(armed(caughtNs), armed(countedNs));
}

const usualHits = { caughtNs: 5_700, countedNs: 3_700 };

describe('the rate without what hits slow', () => {
  it.each([
    ['waits for its time is the rate that was seen, and hardly more', false],
    ['never pauses is what it was before', true],
  ])('of a caller that %s', (_what, slowed) => {
    const { value, high } = windowsOf(20_000, slowed, usualHits);
    expect(value).toBeCloseTo(20_000, 6);
    expect(high).toBeGreaterThan(20_000);
    expect(high).toBeLessThan(20_000 * 1.15);
  });

  it('is not told where cheap windows met fewer calls than dear ones, which hits do not explain', () => {
    const told = (value: number, ns: number) => ({
      rate: { value, low: value * 0.97, high: value * 1.03 },
      price: { ns, slack: 1.25 },
    });
    expect(unslowedRate(told(22_000, 5_700), told(18_000, 3_700)).high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not told where both kinds of hit cost the same', () => {
    expect(windowsOf(20_000, false, { caughtNs: 5_000, countedNs: 5_000 }).high).toBe(Number.POSITIVE_INFINITY);
  });
});
