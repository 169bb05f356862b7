import { describe, expect, it } from 'vitest';
import { comparePrice, type Priced } from '../../../src/analysis/diff/compare-price.ts';
import { median, sortedUp } from '../../../src/analysis/statistics.ts';

const steadyHost = { log: 0, half: 0.02 };

/** A read in user space, by batches of several moments: the lower quartile is what is compared. */
function priced(batches: readonly number[]): Priced {
  const sorted = sortedUp(batches);
  const log = Math.log(sorted[Math.floor((sorted.length - 1) / 4)] ?? Number.NaN);
  const level = { key: 'clock_gettime 0 vdso', log, p50: median(batches), batches, moments: 4, entersKernel: false };
  return { level, noise: { tiny: 0.1, user: 0.02, kernel: 0.12 } };
}

const even = priced([29, 29.1, 29.2, 29.3, 29.4, 29.5, 29.6, 29.7]);

describe('comparePrice', () => {
  it('calls changed what the quartile and the median of the batches agree in', () => {
    const { change } = comparePrice(even, priced([34, 34.1, 34.2, 34.3, 34.4, 34.5, 34.6, 34.7]), steadyHost);
    expect(change.verdict).toBe('changed');
  });

  it('cannot tell where they move apart, as the batches of a busy host may', () => {
    const halfFaster = priced([24, 24.1, 24.2, 24.3, 29.6, 29.7, 29.8, 29.9, 30]);
    const { change } = comparePrice(even, halfFaster, steadyHost);
    expect(change).toMatchObject({
      verdict: 'cannot-tell',
      reason: 'the lower quartile of its batches moved, but their median the other way',
    });
  });

  describe('of a read that is the same and has another sign than what was timed', () => {
    const busierHost = { log: Math.log(1.09), half: 0.02 };
    const risen = priced([29.9, 30, 30.1, 30.2, 30.6, 30.7, 30.8, 30.9]);

    it('says that what the host became slower by was taken out', () => {
      const { change } = comparePrice(even, risen, busierHost);
      expect(change.ratio?.value).toBeLessThan(1);
      expect(change.after).toBeGreaterThan(change.before as number);
      expect(change).toMatchObject({ verdict: 'same', reason: "less the host's +9 %" });
    });

    it('says that its lower quartile moved otherwise than its median', () => {
      const halfFaster = priced([28.7, 28.8, 28.8, 28.9, 29.5, 29.6, 29.7, 29.8, 29.9]);
      const { change } = comparePrice(even, halfFaster, steadyHost);
      expect(change).toMatchObject({ verdict: 'same', reason: 'by the lower quartile of its batches' });
    });

    it('says nothing where both go the same way', () => {
      const { change } = comparePrice(even, risen, steadyHost);
      expect(change.verdict).toBe('same');
      expect(change.reason).toBeUndefined();
    });
  });

  describe('of a read that rose a little, where what reads no clock rose by more', () => {
    const dearerHost = { log: Math.log(1.1), half: 0.02 };
    const risen = priced([29.5, 29.6, 29.7, 29.8, 29.9, 30]);

    it('says that it became cheaper by less than what reads no clock', () => {
      const { change } = comparePrice(even, risen, dearerHost);
      expect(change).toMatchObject({
        verdict: 'changed',
        reason: 'as timed it moved the other way, by less than what reads no clock',
      });
    });

    it('cannot tell where the host ran otherwise in the one half of the watch than in the other', () => {
      expect(comparePrice(even, risen, dearerHost, false).change.verdict).toBe('cannot-tell');
    });
  });

  it('cannot tell where the median moved much less, though the same way', () => {
    const halfFaster = priced([20, 20.1, 20.2, 20.3, 28, 28.1, 28.2, 28.3, 28.4]);
    const { change } = comparePrice(even, halfFaster, steadyHost);
    expect(change).toMatchObject({
      verdict: 'cannot-tell',
      reason: 'the lower quartile of its batches moved, and their median much less',
    });
  });
});
