import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { isUnavailable } from '../../src/analysis/known.ts';
import { stayingShare } from '../../src/analysis/staying-share.ts';
import { slotNotToldApart } from '../../src/analysis/tells-clocks-apart.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { CpuSamples } from '../../src/model/cpu-samples.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import type { Interval } from '../../src/model/interval.ts';
import type { Known, Reading } from '../../src/model/reading.ts';
import type { Window } from '../../src/model/snapshot.ts';
import { type SimulatedThread, simulateCpuSamples, simulateWindows } from './point-process.ts';
import {
  available,
  makeScenario,
  makeSnapshot,
  type Scenario,
  timingsOf,
  tscPrices,
  unavailable,
} from './snapshot-builder.ts';

const watching = { windows: 24, armedMs: 40, mostHits: 64, nsPerHit: 4_000 };
const seconds = 20;

interface Seen {
  readonly windows?: readonly FastWindow[];
  readonly counts?: readonly FastWindow[];
  readonly samples?: CpuSamples;
  readonly scenario?: Scenario;
}

/** A window of a target with one thread, in which the probes saw this. */
function windowOf({ windows = [], counts = [], samples, scenario = {} }: Seen): Window {
  const all: Scenario = { threads: 1, cpuCores: 1, seconds, hits: [], ...scenario };
  const none: Reading<CpuSamples> = unavailable('denied', 'no samples here');
  const begin = { ...makeSnapshot(all, 2), cpuSamples: samples ? available(emptyOf(samples)) : none };
  const end = {
    ...makeSnapshot(all, 2 + seconds),
    cpuSamples: samples ? available(samples) : none,
    fastWindows: windows,
    fastCounts: counts,
  };
  return makeWindow([begin, end], timingsOf(all.prices ?? tscPrices));
}

function emptyOf(samples: CpuSamples): CpuSamples {
  const weights = { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 };
  return { ...samples, threads: [], vdsoSymbols: {}, weights, watchedCpuNs: 0, sampledCpuNs: 0, ranNs: 0 };
}

const silentFunctions: FastWindow['functions'] = [
  { fn: 'gettimeofday', hits: [] },
  { fn: 'time', hits: [] },
  { fn: 'getcpu', hits: [] },
];

/** With one of the samples in the vDSO. */
function oneOf(samples: CpuSamples): CpuSamples {
  return {
    ...samples,
    threads: samples.threads.map((thread) => ({ ...thread, vdso: 1 })),
    vdsoSymbols: { __vdso_clock_gettime: 1 },
    weights: { ...samples.weights, vdso: samples.periodNs },
  };
}

/** Windows that count bursts of MONOTONIC, a hundred a second, and tell one call of fifteen apart. */
function countsOf(perBurst: number, mostHits = 4_000): readonly FastWindow[] {
  const thread: SimulatedThread = { perSecond: 100 * perBurst, shape: { perBurst } };
  return simulateWindows(thread, { ...watching, mostHits, nsPerHit: 2_000 }, 2, { slot: slotNotToldApart }).map(
    ({ functions, ...window }) => ({
      ...window,
      functions: functions.map((one) => ({
        ...one,
        sampled: one.hits.map(({ count }) => ({ slot: 1, count: Math.floor(count / 15) })),
      })),
    }),
  );
}

function monotonicOf(seen: Seen) {
  const read = layBasis(windowOf(seen)).clocks.find(({ slot }) => slot === 1);
  if (read === undefined) throw new Error('MONOTONIC is always listed');
  return read;
}

function told<T>(value: Known<T>): T {
  if (isUnavailable(value)) throw new Error(value.detail);
  return value;
}

const holds = ({ low, high }: Interval, truth: number) => low <= truth && truth <= high;
const halfWidth = ({ low, high }: Interval) => (high - low) / (high + low);

const hot: SimulatedThread = { perSecond: 4e7, shape: 'poisson', slowed: true };
const busy = { cores: 1, seconds, periodNs: 1e7 };

describe('vDSO calls a second', () => {
  it('of a calm caller are told by breakpoints', () => {
    const windows = simulateWindows({ perSecond: 1e3, shape: 'paced' }, { ...watching, armedMs: 50, mostHits: 500 }, 1);
    const rate = told(monotonicOf({ windows }).fastCalls);
    expect(holds(rate, 1e3)).toBe(true);
    expect(halfWidth(rate)).toBeLessThan(0.1);
  });

  it('of a hot loop are told by CPU samples, for breakpoints only say that there are many', () => {
    const seen = { windows: simulateWindows(hot, watching, 1), samples: simulateCpuSamples({ ...busy, vdso: 0.9 }, 1) };
    const { fastCalls, fastCoreShare, disagreement } = monotonicOf(seen);
    expect(holds(told(fastCalls), 0.9 / 22e-9)).toBe(true);
    expect(halfWidth(told(fastCalls))).toBeLessThan(0.35);
    expect(holds(told(fastCoreShare), 0.9)).toBe(true);
    expect(disagreement).toBeUndefined();
  });

  it('of a caller that does little but call while it runs lie within 35 %, asleep in between or not', () => {
    const windows = simulateWindows({ perSecond: 1e5, shape: { perBurst: 1_000 } }, watching, 1);
    const samples = simulateCpuSamples({ ...busy, cores: 0.00282, periodNs: 3e4, vdso: 0.78 }, 1);
    const seen = { windows, samples, scenario: { cpuCores: 0.00282 } };
    const rate = told(monotonicOf({ ...seen, counts: countsOf(1_000) }).fastCalls);
    expect(holds(rate, 1e5)).toBe(true);
    expect(halfWidth(rate)).toBeLessThan(0.35);
    // Where no window saw a burst to its end, the rest of it may be of another clock.
    const open = monotonicOf({ ...seen, counts: countsOf(1_000, 600) });
    expect(told(open.fastCalls).value).toBeGreaterThan(8e4);
    expect(told(open.fastCalls).low).toBeLessThan(1e4);
    const realtime = layBasis(windowOf(seen)).clocks.find(({ slot }) => slot === 0);
    expect(realtime).toMatchObject({ mayBeMissed: true });
    expect(told(realtime?.fastCalls ?? unavailable('absent')).high).toBeGreaterThan(8e4);
  });

  it('of a paced caller at 1.5 M/s lie within 35 %, though a call costs more there than in a hot loop', () => {
    const windows = simulateWindows({ perSecond: 1.5e6, shape: 'paced', slowed: true }, watching, 1);
    const samples = simulateCpuSamples({ ...busy, cores: 1, periodNs: 4e6, vdso: 0.039 }, 1);
    const rate = told(monotonicOf({ windows, samples, scenario: { cpuCores: 1 } }).fastCalls);
    expect(holds(rate, 1.5e6)).toBe(true);
    expect(halfWidth(rate)).toBeLessThan(0.35);
  });

  it('are split among the clocks as breakpoints caught them', () => {
    const windows = simulateWindows(hot, watching, 1).map((window, at) => ({
      ...window,
      functions: [
        {
          fn: 'clock_gettime' as const,
          hits: [
            { slot: 1, count: 48 },
            { slot: 0, count: 15 + (at % 3) },
          ],
          usedUpAfterMs: 0.3,
        },
      ],
    }));
    const basis = layBasis(windowOf({ windows, samples: simulateCpuSamples({ ...busy, vdso: 0.8 }, 1) }));
    const [realtime, monotonic] = basis.clocks.map(({ fastCalls }) => told(fastCalls));
    const all = 0.8 / 22e-9;
    expect(holds(realtime ?? { value: 0, low: 1, high: 0 }, all / 4)).toBe(true);
    expect(holds(monotonic ?? { value: 0, low: 1, high: 0 }, (all * 3) / 4)).toBe(true);
  });

  it('that both probes tell differently make an interval that holds both, and a sentence', () => {
    const windows = simulateWindows({ perSecond: 1e3, shape: 'paced' }, { ...watching, mostHits: 500 }, 1);
    const { fastCalls, disagreement } = monotonicOf({
      windows,
      samples: simulateCpuSamples({ ...busy, vdso: 0.5 }, 1),
    });
    expect(holds(told(fastCalls), 1e3)).toBe(true);
    expect(holds(told(fastCalls), 0.5 / 22e-9)).toBe(true);
    expect(disagreement).toMatch(
      /^breakpoints tell of [\d,]+ to [\d,]+ and CPU samples of [\d,]+ to [\d,]+ calls a second$/,
    );
  });

  it('that nobody saw are zero up to a bound, and not a bare zero', () => {
    const windows = simulateWindows({ perSecond: 1e-6, shape: 'poisson' }, watching, 1);
    const rate = told(monotonicOf({ windows, samples: simulateCpuSamples({ ...busy, vdso: 0 }, 1) }).fastCalls);
    expect(rate).toMatchObject({ value: 0, low: 0 });
    expect(rate.high).toBeGreaterThan(1);
    expect(rate.high).toBeLessThan(10);
  });

  it('are those that breakpoints counted, though two of fifty samples seem to tell of more: they may be of hits', () => {
    const windows = simulateWindows({ perSecond: 2e4, shape: 'paced' }, { ...watching, armedMs: 2 }, 1);
    const none = oneOf(simulateCpuSamples({ ...busy, periodNs: 4e8, vdso: 0 }, 1));
    const two = { vdsoSymbols: { __vdso_clock_gettime: 2 }, weights: { ...none.weights, vdso: 2 * none.periodNs } };
    const samples = { ...none, ...two, threads: none.threads.map((thread) => ({ ...thread, vdso: 2 })) };
    const { fastCalls, disagreement } = monotonicOf({ windows, samples });
    expect(disagreement).toBeUndefined();
    expect(holds(told(fastCalls), 2e4)).toBe(true);
    expect(told(fastCalls).high).toBeLessThan(4e4);
  });

  it('are valued by the calls where nothing bounds them, not by two samples that may be of hits', () => {
    const windows = simulateWindows({ perSecond: 2e4, shape: 'paced' }, { ...watching, windows: 3, armedMs: 2 }, 1);
    const none = oneOf(simulateCpuSamples({ ...busy, periodNs: 4e8, vdso: 0 }, 1));
    const two = { vdsoSymbols: { __vdso_clock_gettime: 2 }, weights: { ...none.weights, vdso: 2 * none.periodNs } };
    const samples = { ...none, ...two, threads: none.threads.map((thread) => ({ ...thread, vdso: 2 })) };
    const { fastCalls, fastCoreShare } = monotonicOf({ windows, samples });
    expect(told(fastCalls).high).toBeGreaterThan(1e5);
    expect(told(fastCalls).value).toBeLessThan(4e4);
    expect(told(fastCoreShare).value).toBeLessThan(0.005);
  });

  it('are unavailable, with the reason, where nobody looked', () => {
    const scenario: Scenario = { hits: 'blind' };
    expect(monotonicOf({ scenario }).fastCalls).toEqual(unavailable('unsupported', 'no breakpoints here'));
    expect(layBasis(makeScenario({ hits: [] })).clocks[1]?.fastCalls).toMatchObject({ unavailable: 'absent' });
  });

  it('are exactly none of a clock that the vDSO never serves', () => {
    const read = layBasis(windowOf({})).clocks.find(({ slot }) => slot === 3);
    expect(read?.fastCalls).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('of threads that no window looked at are guessed from their samples, and bounded by them', () => {
    const windows = simulateWindows({ perSecond: 1e3, shape: 'paced' }, { ...watching, mostHits: 500 }, 1);
    const samples = simulateCpuSamples({ ...busy, vdso: 0.01 }, 1);
    const half = { samples: 1_000, kernelClock: 0, kernel: 0 };
    const threads = [
      { ...half, tid: 1, vdso: 0 },
      { ...half, tid: 2, vdso: samples.vdsoSymbols.__vdso_clock_gettime ?? 0 },
    ];
    const spread = { ...samples, threads };
    const rate = told(monotonicOf({ windows, samples: spread, scenario: { threads: 2 } }).fastCalls);
    expect(rate.low).toBeLessThan(1_100);
    expect(rate.high).toBeGreaterThan(1e5);
  });
});

describe('core share of the fast path', () => {
  it('is the part of the samples in [vdso], of the CPU time that was sampled', () => {
    const { time } = layBasis(windowOf({ samples: simulateCpuSamples({ ...busy, vdso: 0.4 }, 5) })).fastPath;
    expect(holds(told(time).vdso, 0.4)).toBe(true);
    expect(halfWidth(told(time).vdso)).toBeLessThan(0.1);
  });

  it('may be all of what threads burnt that were not sampled', () => {
    const samples = simulateCpuSamples({ ...busy, cores: 0.5, vdso: 0.4 }, 5);
    const { vdso } = told(layBasis(windowOf({ samples })).fastPath.time);
    expect(vdso.low).toBeLessThan(0.21);
    expect(vdso.high).toBeGreaterThan(0.65);
  });

  it('is no more than what the calls take that breakpoints counted, where samples are so few that they tell little', () => {
    const windows = simulateWindows({ perSecond: 2e4, shape: 'paced' }, { ...watching, armedMs: 2 }, 1).map((one) => ({
      ...one,
      functions: [...one.functions, ...silentFunctions],
    }));
    const seen = { windows, samples: oneOf(simulateCpuSamples({ ...busy, periodNs: 4e8, vdso: 0 }, 1)) };
    const basis = layBasis(windowOf(seen));
    expect(told(basis.fastPath.time)).toMatchObject({ vdsoSamples: 1, vdso: { value: 0.02 } });
    const share = told(stayingShare(basis));
    expect(holds(share, 2e4 * 35e-9)).toBe(true);
    expect(share.high).toBeLessThan(0.01);
    expect(told(monotonicOf(seen).fastCoreShare).high).toBeLessThan(0.01);
  });

  it('lies within its limits where breakpoints tell of more calls than the CPU time allows', () => {
    // Some 480,000 calls a second, in which a target that burns next to no CPU time makes 370,000 at most.
    const windows = Array.from({ length: 10 }, (_, index) => ({
      tid: 1,
      armedMs: 1,
      functions: [
        { fn: 'clock_gettime' as const, hits: [{ slot: 1, count: 64 }], usedUpAfterMs: 0.1 * (1 + (index % 2)) },
      ],
    }));
    const { fastCalls, fastCoreShare } = monotonicOf({ windows, scenario: { cpuCores: 0 } });
    const [rate, { value, low, high }] = [told(fastCalls), told(fastCoreShare)];
    expect(rate.value).toBe(rate.high);
    expect(low).toBeLessThan(value);
    expect(value).toBeLessThanOrEqual(high);
  });

  it('is what samples tell where calls say nothing of how many there are', () => {
    const seen = { windows: simulateWindows(hot, watching, 1), samples: simulateCpuSamples({ ...busy, vdso: 0.9 }, 1) };
    expect(told(stayingShare(layBasis(windowOf(seen)))).value).toBeCloseTo(0.9, 1);
    expect(told(stayingShare(layBasis(windowOf(seen)))).high).toBeGreaterThan(0.9);
  });

  it('is unavailable where CPU time is not sampled', () => {
    expect(layBasis(windowOf({})).fastPath.time).toMatchObject({ unavailable: 'denied' });
  });
});
