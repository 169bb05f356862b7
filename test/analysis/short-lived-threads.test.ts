import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { isUnavailable } from '../../src/analysis/known.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { simulateCpuSamples, simulateWindows } from './point-process.ts';
import { available, makeSnapshot, timingsOf, tscPrices } from './snapshot-builder.ts';

const watching = { windows: 24, armedMs: 50, mostHits: 500, nsPerHit: 4_000 };
const silent = Array.from({ length: 24 }, () => ({
  tid: 1,
  armedMs: 50,
  functions: (['clock_gettime', 'gettimeofday', 'time', 'getcpu'] as const).map((fn) => ({ fn, hits: [] })),
}));

/** One thread lives on, calls `perSecond` times and burns 0.001 of a core; all threads together burn 0.03. */
function windowOf({ startedPerSecond, perSecond = 100 }: { startedPerSecond?: number; perSecond?: number }) {
  const scenario = {
    ...{ threads: 1, cpuCores: 0.03, hits: [] as const },
    ...(startedPerSecond !== undefined && { startedPerSecond }),
  };
  const samples = simulateCpuSamples({ cores: 0.001, seconds: 20, periodNs: 1e6, vdso: 0 }, 1);
  const ends: readonly Snapshot[] = [
    {
      ...makeSnapshot(scenario, 2),
      cpuSamples: available({
        ...{ ...samples, threads: [], vdsoSymbols: {}, watchedCpuNs: 0, sampledCpuNs: 0, ranNs: 0 },
        weights: { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 },
      }),
    },
    {
      ...makeSnapshot(scenario, 22),
      cpuSamples: available(samples),
      fastWindows: perSecond === 0 ? silent : simulateWindows({ perSecond, shape: 'paced' }, watching, 1),
    },
  ];
  return makeWindow(ends, timingsOf(tscPrices));
}

function monotonicOf(target: Parameters<typeof windowOf>[0]) {
  const calls = layBasis(windowOf(target)).clocks.find(({ slot }) => slot === 1)?.fastCalls;
  if (calls === undefined || isUnavailable(calls)) throw new Error('no rate was told');
  return calls;
}

describe('threads that no window looked at', () => {
  it('are taken to call as those do that were looked at, for their CPU time', () => {
    const [first, last] = [
      makeSnapshot({ threads: 240, cpuCores: 0.1 }, 2),
      makeSnapshot({ threads: 240, cpuCores: 0.1 }, 22),
    ];
    const calm = { perSecond: 20, shape: 'paced' } as const;
    // 24 of 240 threads, which have burnt a tenth of what the process has.
    const fastWindows = Array.from({ length: 24 }, (_, at) =>
      simulateWindows(calm, { ...watching, windows: 4, armedMs: 250 }, at + 1, { tid: at + 1 }).map((window, round) => {
        const beganAtMs = round * 1_000;
        return { ...window, cpu: { beganAtMs, endedAtMs: beganAtMs + 250, beganNs: 9e6, endedNs: 2.2e9 / 240 } };
      }),
    ).flat();
    const window = makeWindow([first, { ...last, fastWindows }], timingsOf(tscPrices));
    const calls = layBasis(window).clocks.find(({ slot }) => slot === 1)?.fastCalls;
    if (calls === undefined || isUnavailable(calls)) throw new Error('no rate was told');
    expect(calls.value).toBeGreaterThan(4_000);
    expect(calls.value).toBeLessThan(5_600);
    expect(calls.low).toBeLessThan(500);
  });
});

describe('threads that live too shortly to be looked at', () => {
  it('may have called as often as the CPU time allows that no thread burnt which lives on', () => {
    const { value, low, high } = monotonicOf({ startedPerSecond: 50 });
    expect(low).toBeLessThan(100);
    expect(value).toBeGreaterThan(100);
    // 0.029 of a core, at some 22 ns a call.
    expect(high).toBeGreaterThan(0.029 / 23e-9);
    expect(high).toBeLessThan(0.029 / 15e-9);
  });

  it('are none where no thread was started: what was looked at is all there is', () => {
    expect(monotonicOf({ startedPerSecond: 0 }).high).toBeLessThan(130);
  });

  it('are not made up where threads that start are not counted', () => {
    expect(monotonicOf({}).high).toBeLessThan(130);
  });

  it('keep a target in which no read was seen from being called idle', () => {
    const reportOf = (startedPerSecond: number) =>
      diagnose(windowOf({ startedPerSecond, perSecond: 0 }), { version: 'test' });
    expect(reportOf(0)).toMatchObject({ idle: true, coverage: { threadsEnded: 0 } });
    const { idle, verdict, headline, coverage } = reportOf(50);
    expect({ idle, verdict }).toEqual({ idle: false, verdict: 'unknown' });
    expect(headline).toMatch(/1000 threads ended before calls of the vDSO could be watched there$/);
    expect(coverage.sentence).toMatch(/its one thread and 1000 that ended/);
  });
});
