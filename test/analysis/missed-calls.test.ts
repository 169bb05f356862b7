import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { EntryFunction } from '../../src/model/clock-calls.ts';
import type { CpuSamples } from '../../src/model/cpu-samples.ts';
import type { FastWindow, FastWindowFunction } from '../../src/model/fast-reads.ts';
import type { Report } from '../../src/model/report.ts';
import { available, makeSnapshot, type Rates, timingsOf, tscPrices } from './snapshot-builder.ts';

const seconds = 10;
const periodNs = 1e7;
const functions: readonly EntryFunction[] = ['clock_gettime', 'gettimeofday', 'time', 'getcpu'];

/** Windows of 50 ms that met what they are given of clock_gettime, and no other call. */
function windows(count: number, met: Omit<FastWindowFunction, 'fn'>): readonly FastWindow[] {
  return Array.from({ length: count }, () => ({
    tid: 1,
    armedMs: 50,
    functions: functions.map((fn) => ({ fn, hits: [], ...(fn === 'clock_gettime' && met) })),
  }));
}

/** Of a thread that burns 0.65 of a core, so many samples in one function of the vDSO. */
function samples(vdso: number, symbol: string): CpuSamples {
  const all = (0.65 * seconds * 1e9) / periodNs;
  const ns = all * periodNs;
  return {
    periodNs,
    threads: [{ tid: 1, samples: all, vdso, kernelClock: 0, kernel: 0 }],
    vdsoSymbols: vdso === 0 ? {} : { [symbol]: vdso },
    weights: { all: ns, vdso: vdso * periodNs, kernelClock: 0, kernel: 0, squares: all * periodNs ** 2 },
    watchedCpuNs: ns,
    sampledCpuNs: ns,
    ranNs: ns,
    seesKernel: true,
    namesKernel: true,
    lost: 0,
  };
}

interface Seen {
  readonly fastWindows: readonly FastWindow[];
  readonly inVdso: number;
  readonly symbol?: string;
  readonly hits?: Rates;
  readonly entries?: Rates;
}

function reportOf({ fastWindows, inVdso, symbol = '__vdso_clock_gettime', hits = [], entries = [] }: Seen): Report {
  const scenario = { threads: 1, cpuCores: 0.65, hits, entries };
  const none = samples(0, symbol);
  const weights = { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 };
  const nothing = { ...none, threads: [], weights, watchedCpuNs: 0, sampledCpuNs: 0, ranNs: 0 };
  const begin = { ...makeSnapshot(scenario, 2), cpuSamples: available(nothing) };
  const end = { ...makeSnapshot(scenario, 2 + seconds), cpuSamples: available(samples(inVdso, symbol)), fastWindows };
  return diagnose(makeWindow([begin, end], timingsOf(tscPrices)), { version: 'test' });
}

function clockOf({ clocks }: Report, wanted: string) {
  const clock = clocks.find(({ name }) => name === wanted);
  if (clock === undefined || 'unavailable' in clock.fastCallsPerSecond) throw new Error(`${wanted} is not told`);
  return { ...clock, perSecond: clock.fastCallsPerSecond };
}

const hotOf = ({ findings }: Report) => findings.find(({ id }) => id === 'fast-but-hot');

// A hot loop of MONOTONIC for 0.2 s in ten: 2 % of a core, 900 k/s in the mean.
const perSecond = 0.02 / 22e-9;

describe('a burst that all windows missed, and CPU samples did not', () => {
  const missed = { fastWindows: windows(20, { hits: [] }), inVdso: 20 };

  it('may be of any clock: none of them is idle, nor bounded by silence', () => {
    const report = reportOf(missed);
    for (const name of ['REALTIME', 'MONOTONIC', 'MONOTONIC_COARSE'])
      expect(clockOf(report, name)).toMatchObject({ verdict: 'unknown', path: 'unknown', perSecond: { low: 0 } });
    expect(clockOf(report, 'MONOTONIC').perSecond.high).toBeGreaterThan(perSecond);
    expect(clockOf(report, 'MONOTONIC').fastCoreShare).toMatchObject({ low: 0 });
    // No vDSO serves it: its reads would have been counted.
    expect(clockOf(report, 'THREAD_CPUTIME_ID').verdict).toBe('idle');
  });

  it('is a fast read all the same, and what it costs is told', () => {
    const report = reportOf(missed);
    expect(report).toMatchObject({ verdict: 'fast', idle: false });
    expect(hotOf(report)?.verdict).toBe('confirmed');
    expect(hotOf(report)?.evidence[0]?.seen).toMatch(/^2 % of a core \(1\.\d % to 3\.\d %\) .*, in clock_gettime\(\)$/);
    expect(report.headline).toMatch(
      /clock_gettime\(\) runs in the vDSO, of which clocks is not seen, but these reads take 2 %/,
    );
  });

  it('leaves clocks unknown that another one was caught beside, and that one as wide as both probes', () => {
    const hits = [{ slot: 0, count: 5 }];
    const report = reportOf({ fastWindows: windows(20, { hits }), inVdso: 20, hits: [['clock_gettime', 0, 10]] });
    const [caught, silent] = [clockOf(report, 'REALTIME'), clockOf(report, 'MONOTONIC')];
    expect(silent).toMatchObject({ verdict: 'unknown', path: 'unknown', perSecond: { value: 0, low: 0 } });
    expect(silent.perSecond.high).toBeGreaterThan(perSecond);
    expect(caught).toMatchObject({ verdict: 'fast', path: 'vdso' });
    expect(caught.perSecond.low).toBeLessThan(100);
    expect(caught.perSecond.high).toBeGreaterThan(perSecond);
    expect(caught.probesDisagree).toMatch(/^breakpoints tell of /);
  });

  it('makes no clock slow of which a few reads enter: how many do not is open', () => {
    const report = reportOf({ ...missed, entries: [['clock_gettime', 1, 20]] });
    expect(clockOf(report, 'MONOTONIC').verdict).toBe('unknown');
    expect(report.verdict).toBe('unknown');
  });

  it('outside of all functions may be of each', () => {
    const report = reportOf({ ...missed, symbol: '[vdso]' });
    expect(clockOf(report, 'MONOTONIC').verdict).toBe('unknown');
    expect(clockOf(report, 'MONOTONIC').perSecond.high).toBeGreaterThan(perSecond);
    expect(report).toMatchObject({ verdict: 'unknown', idle: false });
  });

  it('of another function says nothing against idle clocks', () => {
    const report = reportOf({ ...missed, symbol: '__vdso_getrandom' });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
  });
});

describe('what no probe met', () => {
  it('is idle, with the bound of silence', () => {
    const report = reportOf({ fastWindows: windows(20, { hits: [] }), inVdso: 0 });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none', perSecond: { value: 0 } });
    expect(clockOf(report, 'MONOTONIC').perSecond.high).toBeLessThan(10);
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
  });

  it('is idle beside a clock whose caught calls account for the samples', () => {
    const hits = [{ slot: 0, count: 2_000 }];
    const seen = { fastWindows: windows(20, { hits }), inVdso: 1, hits: [['clock_gettime', 0, 4_000]] as const };
    expect(clockOf(reportOf(seen), 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
  });
});
