import { describe, expect, it } from 'vitest';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import { createHistory } from '../../src/session/history.ts';
import { createLookback } from '../../src/session/lookback.ts';
import { createThinnedList } from '../../src/session/thinned-list.ts';
import { kernelSite, places, sampledSites } from '../analysis/call-sites-builder.ts';
import { available, makeSnapshot, timingsOf, tscPrices } from '../analysis/snapshot-builder.ts';

const slowSeconds = 3_600;
const seconds = 4_200;
const unwatched = timingsOf(tscPrices);

/** A look of 5 ms at one of two threads in turn, which calls the vDSO 2,000 times a second or not at all. */
function lookAt(tid: number, calls: boolean): FastWindow {
  return { tid, armedMs: 5, functions: [{ fn: 'clock_gettime', hits: calls ? [{ slot: 1, count: 10 }] : [] }] };
}

/** An hour of 20,000 kernel entries and 4,000 vDSO calls a second, and ten minutes of none; one sample a second. */
function hourAndTenMinutes(sinceMs = 0) {
  const history = createHistory();
  const look = createLookback(history, () => ({ version: 'test', commandLine: 'vdsotop', intervalMs: 1_000 }));
  for (let at = 0; at <= seconds; at += 1) {
    const busy = Math.min(at, slowSeconds);
    const snapshot = makeSnapshot({ threads: 2, hits: [['clock_gettime', 1, 5]] }, at);
    const counts = [{ fn: 'clock_gettime', slot: 3, count: busy * 20_000 }] as const;
    history.add({
      ...snapshot,
      unwatched,
      entries: available({ method: 'bpf', exact: true, armedForMs: at * 1_000, counts, threads: [], unattributed: 0 }),
      // As many looks as an hour has at most, to be bounded.
      fastWindows: Array.from({ length: 4 }, (_, index) => lookAt(1 + (index % 2), at <= slowSeconds)),
      sinceMs: at * 1_000 > sinceMs ? sinceMs : 0,
    });
  }
  return look;
}

describe('everything since attach', () => {
  it('is all of an hour, though only its last ten minutes are kept', () => {
    const report = hourAndTenMinutes().report('newest');
    const clock = (name: string) => report?.clocks.find((one) => one.name === name);
    expect(report?.verdict).toBe('slow');
    expect(report?.window.seconds).toBe(seconds);
    expect(report?.coverage).toMatchObject({ windowSeconds: seconds, watchedSeconds: seconds });
    expect(report?.coverage.sentence).toMatch(/^watched 70 m 0 s, /);
    expect(clock('THREAD_CPUTIME_ID')?.kernelEntriesPerSecond).toBeCloseTo((20_000 * slowSeconds) / seconds, 3);
    const fast = clock('MONOTONIC')?.fastCallsPerSecond;
    const truth = (4_000 * slowSeconds) / seconds;
    expect(fast).toMatchObject({ low: expect.any(Number), high: expect.any(Number) });
    if (fast === undefined || 'unavailable' in fast) return;
    expect(fast.low).toBeLessThan(truth);
    expect(fast.high).toBeGreaterThan(truth);
    expect(fast.value).toBeGreaterThan(truth * 0.9);
    expect(fast.value).toBeLessThan(truth * 1.1);
  });

  it('tells the limits of a share by its samples and by how its moments differ', () => {
    const limitsOf = (mineAt: (at: number) => number) => {
      const history = createHistory();
      const look = createLookback(history, () => ({ version: 'test', commandLine: 'vdsotop', intervalMs: 1_000 }));
      let [mine, others] = [0, 0];
      for (let at = 0; at <= 20; at += 1) {
        const snapshot = makeSnapshot({ entries: [['clock_gettime', 7, 10_000]] }, at);
        const sites = [
          kernelSite([places.libcSyscall, places.ratelimit], { samples: mine }),
          kernelSite([places.libcSyscall, places.poll], { samples: others }),
        ];
        history.add({ ...snapshot, callSites: sampledSites(sites.filter(({ samples }) => samples > 0)), unwatched });
        mine += mineAt(at);
        others += 30 - mineAt(at);
      }
      const { callSites } = look.report('newest') ?? {};
      if (callSites === undefined || 'unavailable' in callSites) throw new Error('no call sites');
      return callSites.find(({ sentence }) => sentence.startsWith('ratelimit'));
    };
    const alike = limitsOf(() => 15);
    expect(alike?.share).toBe(0.5);
    expect(alike?.shareLimits.low).toBeCloseTo(0.45, 2);
    expect(alike?.shareLimits.high).toBeCloseTo(0.55, 2);
    const inTurns = limitsOf((at) => (Math.floor(at / 5) % 2 === 0 ? 30 : 0));
    expect(inTurns?.share).toBe(0.5);
    expect(inTurns?.shareLimits.low).toBeLessThan(0.35);
    expect(inTurns?.shareLimits.high).toBeGreaterThan(0.65);
  });

  it('begins at a reset, however long ago that was', () => {
    const report = hourAndTenMinutes(3_000_000).report('newest');
    expect(report?.coverage).toMatchObject({ windowSeconds: 1_200, watchedSeconds: 1_200 });
    const clock = report?.clocks.find(({ name }) => name === 'THREAD_CPUTIME_ID');
    expect(clock?.kernelEntriesPerSecond).toBeCloseTo(10_000, 3);
  });

  it('says which part of it a judgement is of that has only that', () => {
    const look = hourAndTenMinutes();
    look.show(look.shownAt());
    expect(look.report('shown')?.coverage).toMatchObject({ windowSeconds: 1_199, watchedSeconds: seconds });
    expect(look.report('shown')?.coverage.sentence).toMatch(/^the last 19 m 59 s of 70 m 0 s watched, /);
    expect(look.liveReport()?.coverage.sentence).toMatch(/^the last 10 s of 70 m 0 s watched, /);
  });
});

describe('threads that come and go', () => {
  it('are not taken to have lived side by side', () => {
    const history = createHistory();
    const look = createLookback(history, () => ({ version: 'test', commandLine: 'vdsotop', intervalMs: 1_000 }));
    // Two at a time, each for ten seconds, with 2,000 calls a second.
    for (let at = 0; at <= 600; at += 1) {
      const snapshot = makeSnapshot({ threads: 2, hits: [['clock_gettime', 1, 5]] }, at);
      const generation = 2 * Math.floor(at / 10);
      const fastWindows = [lookAt(generation, true), lookAt(generation + 1, true)];
      history.add({ ...snapshot, unwatched, fastWindows });
    }
    const fast = look.report('newest')?.clocks.find(({ name }) => name === 'MONOTONIC')?.fastCallsPerSecond;
    if (fast === undefined || 'unavailable' in fast) throw new Error('not told');
    expect(fast.value).toBeGreaterThan(3_000);
    expect(fast.value).toBeLessThan(5_000);
    expect(fast.low).toBeLessThan(4_000);
    expect(fast.high).toBeGreaterThan(4_000);
  });
});

describe('a thinned list', () => {
  it('is whole while it is short', () => {
    const list = createThinnedList<number>(100);
    list.add(Array.from({ length: 100 }, (_, index) => index));
    expect(list.all()).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('keeps a part of all that was added, early and late and of whatever takes turns alike', () => {
    const list = createThinnedList<number>(1_000);
    for (let index = 0; index < 100_000; index += 1) list.add([index]);
    const kept = list.all();
    expect(kept.length).toBeGreaterThan(400);
    expect(kept.length).toBeLessThanOrEqual(1_000);
    const partOf = (test: (index: number) => boolean) => kept.filter(test).length / kept.length;
    expect(partOf((index) => index < 50_000)).toBeCloseTo(0.5, 1);
    for (const turns of [2, 3, 4, 7]) expect(partOf((index) => index % turns === 0)).toBeCloseTo(1 / turns, 1);
  });
});
