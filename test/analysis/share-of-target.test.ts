import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { shareOfTarget } from '../../src/analysis/share-of-target.ts';
import { makeScenario, type Scenario } from './snapshot-builder.ts';

/** The builder's price of THREAD_CPUTIME_ID is 212 ns; counting adds 150 ns to each entry, and the probes take 2 ms a second. */
const spinning = (cpuCores: number): Scenario => ({ cpuCores, entries: [['clock_gettime', 3, 2_000_000]] });
const shareOf = (coreShare: number, scenario: Scenario) =>
  shareOfTarget(layBasis(makeScenario(scenario)), { value: coreShare, low: coreShare * 0.95, high: coreShare * 1.1 });

describe('a share of a core as a share of the CPU time that the target burns', () => {
  it('leaves out what watching takes from it: of a program that only reads clocks it is all, not half', () => {
    expect(shareOf(0.424, spinning(0.726))).toBeCloseTo(1, 6);
    expect(shareOf(0.424, spinning(0.302 + 0.848))).toBeCloseTo(0.5, 6);
  });

  it('is all of it at most, where prices are a little above what it burns', () => {
    expect(shareOf(0.424, spinning(0.65))).toBe(1);
  });

  it('is not told where prices are far above what it burns', () => {
    expect(shareOf(0.424, spinning(0.55))).toMatchObject({ unavailable: 'failed' });
    expect(shareOf(0.424, spinning(0))).toMatchObject({ unavailable: 'failed' });
  });

  it('is none where nothing is read, whatever was burnt', () => {
    expect(shareOf(0, { cpuCores: 0 })).toBe(0);
  });
});
