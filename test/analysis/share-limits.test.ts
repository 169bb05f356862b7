import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/rig/statistics.ts';
import { catchesBeginnings } from '../../src/analysis/catches-beginnings.ts';
import { limitsOfShares } from '../../src/analysis/share-limits.ts';
import type { CallSite } from '../../src/model/call-sites.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import { kernelSite, places, vdsoSite } from './call-sites-builder.ts';
import { makeScenario } from './snapshot-builder.ts';

const site = (caller: 'ratelimit' | 'poll', samples: number, tid = 1): CallSite =>
  kernelSite([places.libcSyscall, places[caller]], { tid, samples });
const equal = { of: () => 1, spreadOf: () => 0, total: 1 };

/** Limits of the first caller, of steps with so many samples of it and of the other. */
function limitsOf(steps: readonly (readonly [number, number])[], isOpen = false) {
  const sum = (at: 0 | 1) => steps.reduce((all, step) => all + step[at], 0);
  const own = site('ratelimit', sum(0));
  const sites = [own, site('poll', sum(1))].filter(({ samples }) => samples > 0);
  const each = steps.map(([mine, others]) =>
    [site('ratelimit', mine), site('poll', others)].filter(({ samples }) => samples > 0),
  );
  return limitsOfShares({ sites, weights: equal, steps: each, isOpen })([own]);
}

describe('the limits of a share', () => {
  it.each([
    ['drawn one by one', 20, 30, () => 0.5],
    ['drawn one by one, in a short watch', 4, 40, () => 0.5],
    ['of moments in which one of both calls mostly', 20, 30, (random: () => number) => (random() < 0.5 ? 0.9 : 0.1)],
    ['of moments that differ, in a short watch', 5, 40, (random: () => number) => 0.2 + 0.6 * random()],
    ['of a caller among many', 20, 30, () => 0.05],
  ] as const)('hold the truth in 95 %% of samples %s', (_, count, samples, chance) => {
    const random = seededRandom(7);
    const runs = 1_000;
    const means = Array.from({ length: 20_000 }, () => chance(random));
    const truth = means.reduce((sum, one) => sum + one, 0) / means.length;
    let held = 0;
    for (let run = 0; run < runs; run += 1) {
      const steps = Array.from({ length: count }, () => {
        const part = chance(random);
        const mine = Array.from({ length: samples }, random).filter((draw) => draw < part).length;
        return [mine, samples - mine] as const;
      });
      const { low, high } = limitsOf(steps);
      if (low <= truth && truth <= high) held += 1;
    }
    // A point less by chance: of a thousand runs.
    expect(held / runs).toBeGreaterThan(0.94);
  });

  it('are five points of 900 samples that are alike in every step', () => {
    const { low, high } = limitsOf(Array.from({ length: 30 }, () => [15, 15] as const));
    expect(high - 0.5).toBeGreaterThan(0.03);
    expect(high - 0.5).toBeLessThan(0.05);
    expect(0.5 - low).toBeCloseTo(high - 0.5, 6);
  });

  it('are all there is where one moment was sampled, or the beginnings of bursts', () => {
    expect(limitsOf([[30, 0]])).toEqual({ low: 0, high: 1 });
    expect(
      limitsOf(
        [
          [30, 0],
          [30, 0],
        ],
        true,
      ),
    ).toEqual({ low: 0, high: 1 });
    expect(
      limitsOf([
        [30, 0],
        [30, 0],
      ]).low,
    ).toBeGreaterThan(0.85);
  });

  it('are the wider the less is known of how often each thread calls', () => {
    const sites = [site('ratelimit', 100, 1), site('poll', 100, 2)];
    const steps = Array.from({ length: 10 }, () => [site('ratelimit', 10, 1), site('poll', 10, 2)]);
    const widths = [0, 0.04, 1].map((spread) => {
      const weights = { of: () => 5, spreadOf: () => spread, total: 10 };
      const { low, high } = limitsOfShares({ sites, weights, steps, isOpen: false })(sites.slice(0, 1));
      return high - low;
    });
    expect(widths[0]).toBeLessThan(0.2);
    expect(widths[1]).toBeGreaterThan(0.25);
    expect(widths[2]).toBeGreaterThan(0.8);
  });

  it('hold what processes of a tree may have that nothing was sampled of', () => {
    const own = site('ratelimit', 200);
    const steps = Array.from({ length: 10 }, () => [site('ratelimit', 20)]);
    const weights = { of: () => 60, spreadOf: () => 0, total: 100 };
    const { low, high } = limitsOfShares({ sites: [own], weights, steps, isOpen: false })([own]);
    expect(low).toBeGreaterThan(0.55);
    expect(low).toBeLessThan(0.6);
    expect(high).toBe(1);
  });
});

describe('whether the beginnings of bursts are all that was caught', () => {
  const cut: FastWindow = {
    tid: 1,
    armedMs: 10,
    functions: [{ fn: 'clock_gettime', hits: [{ slot: 1, count: 48 }], usedUpAfterMs: 4, halfAfterMs: 3.8 }],
  };
  const whole: FastWindow = { ...cut, functions: [{ fn: 'clock_gettime', hits: [{ slot: 1, count: 48 }] }] };
  const of = (fastWindows: readonly FastWindow[], sites: readonly CallSite[]) =>
    catchesBeginnings({ ...makeScenario({}), fastWindows }, sites);
  const called = [vdsoSite([places.ratelimit])];

  it('is so where windows were used up by them, and said of calls of the vDSO alone', () => {
    expect(of([cut, cut, whole], called)).toBe(true);
    expect(of([whole, whole], called)).toBe(false);
    expect(of([cut, cut, whole], [kernelSite([places.ratelimit])])).toBe(false);
  });
});
