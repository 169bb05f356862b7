import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { slotNotToldApart } from '../../src/analysis/tells-clocks-apart.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { CallSite } from '../../src/model/call-sites.ts';
import type { EntryFunction } from '../../src/model/clock-calls.ts';
import type { CpuSamples } from '../../src/model/cpu-samples.ts';
import type { FastWindow, FastWindowFunction } from '../../src/model/fast-reads.ts';
import type { Report } from '../../src/model/report.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { kernelSite, places, sampledSites } from './call-sites-builder.ts';
import { available, denied, makeSnapshot, type Rates, timingsOf, tscPrices } from './snapshot-builder.ts';

const seconds = 10;
/** That kernel entries are laid to. */
const busiest = 4_242;
const periodNs = 1e7;
const functions: readonly EntryFunction[] = ['clock_gettime', 'gettimeofday', 'time', 'getcpu'];

/** Windows of 50 ms that met what they are given of one function, and no other call. */
function windows(
  count: number,
  met: Omit<FastWindowFunction, 'fn'>,
  called: EntryFunction = 'clock_gettime',
  tid = busiest,
): readonly FastWindow[] {
  return Array.from({ length: count }, () => ({
    tid,
    armedMs: 50,
    functions: functions.map((fn) => ({ fn, hits: [], ...(fn === called && met) })),
  }));
}

/** Of a thread that burns 0.65 of a core, so many samples in one function of the vDSO. */
function samples(vdso: number, symbol: string): CpuSamples {
  const all = (0.65 * seconds * 1e9) / periodNs;
  const ns = all * periodNs;
  return {
    periodNs,
    threads: [{ tid: busiest, samples: all, vdso, kernelClock: 0, kernel: 0 }],
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
  readonly fastCounts?: readonly FastWindow[];
  readonly inVdso?: number;
  readonly symbol?: string;
  readonly hits?: Rates;
  readonly entries?: Rates;
  /** Neither CPU samples nor the CPU time that was burnt. */
  readonly withoutCpuTime?: boolean;
  readonly callSites?: Snapshot['callSites'];
  /** Kernel entries are, as perf counters have them. */
  readonly notLaidToThreads?: boolean;
}

function reportOf(seen: Seen): Report {
  const { fastWindows, fastCounts = [], inVdso = 0, symbol = '__vdso_clock_gettime', hits = [], entries = [] } = seen;
  const scenario = { threads: 1, cpuCores: 0.65, hits, entries };
  const none = samples(0, symbol);
  const weights = { all: 0, vdso: 0, kernelClock: 0, kernel: 0, squares: 0 };
  const nothing = { ...none, threads: [], weights, watchedCpuNs: 0, sampledCpuNs: 0, ranNs: 0 };
  const begin = { ...makeSnapshot(scenario, 2), cpuSamples: available(nothing) };
  const cpuSamples = seen.withoutCpuTime ? denied() : available(samples(inVdso, symbol));
  const end = { ...makeSnapshot(scenario, 2 + seconds), cpuSamples, fastWindows, fastCounts };
  const both = seen.withoutCpuTime ? { activity: denied() } : {};
  const ends = [begin, { ...end, ...(seen.callSites && { callSites: seen.callSites }) }].map((snapshot) => ({
    ...snapshot,
    ...both,
    ...(seen.notLaidToThreads && { entries: withoutThreads(snapshot.entries) }),
  }));
  return diagnose(makeWindow(ends, timingsOf(tscPrices)), { version: 'test' });
}

function withoutThreads(entries: Snapshot['entries']): Snapshot['entries'] {
  return 'value' in entries ? { ...entries, value: { ...entries.value, threads: [] } } : entries;
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

describe('calls that windows counted, too few for one of them to be recorded', () => {
  const silent = windows(20, { hits: [] });
  const once = { hits: [{ slot: slotNotToldApart, count: 1 }] };
  // Two calls in 22 windows: about two a second, of which one in fifteen would be recorded.
  const counted = [...windows(2, once), ...windows(20, { hits: [] })];

  it('are reads of a clock that nothing tells: the target is not idle, nor is any clock', () => {
    const report = reportOf({ fastWindows: silent, fastCounts: counted });
    expect(report).toMatchObject({ verdict: 'fast', idle: false });
    expect(report.headline).toContain('clock_gettime() runs in the vDSO, of which clocks is not seen');
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
    expect(clockOf(report, 'MONOTONIC').perSecond.high).toBeGreaterThan(2);
  });

  it('are of clocks that the vDSO hands on, where as many reads of those entered: the others are idle', () => {
    const entries = [['clock_gettime', 3, 1]] as const;
    const report = reportOf({ fastWindows: silent, fastCounts: counted, entries });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
    expect(report).toMatchObject({ verdict: 'fast' });
  });

  it('are not of clocks that another thread reads, nor that are read past the vDSO', () => {
    const entries = [['clock_gettime', 3, 1]] as const;
    const other = windows(2, once, 'clock_gettime', 7);
    const beside = reportOf({ fastWindows: silent, fastCounts: [...other, ...windows(20, { hits: [] })], entries });
    expect(clockOf(beside, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
    const sampled = (place: CallSite['place']) => sampledSites([kernelSite([place], { slot: 3, tid: busiest })]);
    const seen = { fastWindows: silent, fastCounts: counted, entries };
    const past = reportOf({ ...seen, callSites: sampled(places.libcSyscall) });
    expect(clockOf(past, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
    const handedOn = reportOf({ ...seen, callSites: sampled(places.vdsoFallback) });
    expect(clockOf(handedOn, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
  });

  it('are not those of all threads in each of four', () => {
    // Each reads THREAD_CPUTIME_ID once a second, and one of them another clock ten times.
    const entries = [['clock_gettime', 3, 4]] as const;
    const each = (tid: number, count: number) =>
      windows(10, count === 0 ? { hits: [] } : { hits: [{ slot: slotNotToldApart, count }] }, 'clock_gettime', tid);
    const fastCounts = [...each(1, 1), ...[2, 3, 4].flatMap((tid) => each(tid, 0))];
    const notLaid = reportOf({ fastWindows: silent, fastCounts, entries, notLaidToThreads: true });
    expect(clockOf(notLaid, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
  });

  it('leave the other clocks idle where another window told whose they are', () => {
    const fastWindows = [...windows(1, { hits: [{ slot: 0, count: 1 }] }), ...silent];
    const report = reportOf({ fastWindows, fastCounts: counted, hits: [['clock_gettime', 0, 0.1]] });
    expect(clockOf(report, 'REALTIME')).toMatchObject({ verdict: 'fast', path: 'vdso' });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
  });

  it('of a function that takes no clock id are its calls', () => {
    const fastCounts = [...windows(2, once, 'time'), ...windows(20, { hits: [] })];
    const report = reportOf({ fastWindows: silent, fastCounts });
    const time = report.functions.find(({ fn }) => fn === 'time');
    expect(time).toMatchObject({ verdict: 'fast', path: 'vdso', fastCallsSeen: 2, servedByVdso: true });
    expect(time?.fastCallsPerSecond).toMatchObject({ value: expect.closeTo(2 / 1.1, 1) });
    expect(report).toMatchObject({
      verdict: 'fast',
      headline: expect.stringContaining('time() is read through the vDSO'),
    });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
  });

  it('are looked for in all the time that windows were armed, and a target without any is idle', () => {
    const report = reportOf({ fastWindows: silent, fastCounts: windows(22, { hits: [] }) });
    expect(report).toMatchObject({ verdict: 'unknown', idle: true });
    // Ten windows of 200 ms that catch, and twenty-two of 50 ms that count.
    expect(report.headline).toContain('no vDSO call in 3.1 s of watched thread time');
  });
});

describe('bursts of REALTIME that MONOTONIC is read behind, where windows that catch end in their beginnings', () => {
  const cut = { hits: [{ slot: 0, count: 48 }] };
  // A burst each 50 ms: 500 reads of either.
  const fastWindows = [3, 9, 14, 20, 26, 31, 37, 42, 44, 47].flatMap((usedUpAfterMs) =>
    windows(1, { ...cut, usedUpAfterMs, halfAfterMs: usedUpAfterMs - 0.1 }),
  );
  const whole = [
    { slot: 0, count: 33 },
    { slot: 1, count: 33 },
  ];
  const fastCounts = windows(20, { hits: [{ slot: slotNotToldApart, count: 1_000 }], sampled: whole });
  const hits = [['clock_gettime', 0, 48]] as const;
  const entries = [['clock_gettime', 1, 20]] as const;

  it('a few of whose reads enter is not slow: windows that count tell of the others', () => {
    const monotonic = clockOf(reportOf({ fastWindows, fastCounts, hits, entries }), 'MONOTONIC');
    expect(monotonic.perSecond.low).toBeGreaterThan(5_000);
    expect(monotonic.perSecond.high).toBeGreaterThan(10_000);
    expect(monotonic).toMatchObject({ verdict: 'fast', path: 'mixed' });
  });

  it('nothing is told of the clocks behind them where none saw a burst to its end', () => {
    const report = reportOf({ fastWindows, hits });
    expect(clockOf(report, 'REALTIME')).toMatchObject({ verdict: 'fast', path: 'vdso' });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
    const entering = clockOf(reportOf({ fastWindows, hits, entries }), 'MONOTONIC');
    expect(entering).toMatchObject({ verdict: 'unknown', path: 'unknown' });
  });

  it('nor where the bursts have work of their own between their reads, 20 µs each', () => {
    const slower = [12, 19, 24, 30, 36, 41, 47, 49].flatMap((usedUpAfterMs) =>
      windows(1, { ...cut, usedUpAfterMs, halfAfterMs: usedUpAfterMs - 0.6 }),
    );
    const report = reportOf({ fastWindows: slower, hits });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'unknown', path: 'unknown' });
    // Windows that count see both of them, and are believed.
    const told = reportOf({ fastWindows: slower, fastCounts, hits });
    expect(clockOf(told, 'MONOTONIC').perSecond.low).toBeGreaterThan(5_000);
  });

  it('and what all of them cost is told by CPU samples', () => {
    const report = reportOf({ fastWindows, hits, inVdso: 20 });
    expect(clockOf(report, 'REALTIME').perSecond.low).toBeLessThan(10_000);
    expect(hotOf(report)?.verdict).toBe('confirmed');
  });

  it('nor where nothing bounds how many calls there are', () => {
    const report = reportOf({ fastWindows, hits, withoutCpuTime: true });
    const monotonic = report.clocks.find(({ name }) => name === 'MONOTONIC');
    expect(monotonic).toMatchObject({
      fastCallsPerSecond: { unavailable: 'absent' },
      verdict: 'unknown',
      path: 'unknown',
    });
  });
});

describe('what windows tell of clocks', () => {
  it('is of bursts: many calls of one of them are no proof of as many in all the time', () => {
    const burst = { hits: [{ slot: 1, count: 360 }], usedUpAfterMs: 30, halfAfterMs: 29 };
    const fastWindows = [...windows(1, burst), ...windows(9, { hits: [] })];
    const entries = [['clock_gettime', 1, 15]] as const;
    const report = reportOf({ fastWindows, hits: [['clock_gettime', 1, 36]], entries, withoutCpuTime: true });
    expect(report.clocks.find(({ name }) => name === 'MONOTONIC')?.verdict).toBe('unknown');
  });

  it('leaves a clock idle that few of them did not meet, with its bound', () => {
    const fastWindows = windows(3, { hits: [{ slot: 0, count: 90 }] });
    const report = reportOf({ fastWindows, hits: [['clock_gettime', 0, 27]] });
    expect(clockOf(report, 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
    expect(clockOf(report, 'MONOTONIC').perSecond.high).toBeGreaterThan(10);
  });

  it('is a row for each that they told, one behind others in bursts too', () => {
    const aux0 = 16;
    const hits = [{ slot: slotNotToldApart, count: 400 }];
    const sampled = [
      { slot: 0, count: 12 },
      { slot: aux0, count: 6 },
    ];
    const { clocks } = reportOf({ fastWindows: windows(4, { hits: [] }), fastCounts: windows(6, { hits, sampled }) });
    expect(clocks.find(({ id }) => id === aux0)).toMatchObject({ fastCallsSeen: 36 });
  });
});
