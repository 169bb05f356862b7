import { describe, expect, it, onTestFinished } from 'vitest';
import { watchOf } from '../../src/analysis/diff/watch-of.ts';
import { makeCapsule } from '../../src/capsule/make-capsule.ts';
import { frameOfCapsule } from '../../src/session/frame-of-capsule.ts';
import { createHistory } from '../../src/session/history.ts';
import { createLookback } from '../../src/session/lookback.ts';
import { tracedRate } from '../../src/session/perf-trace-beside.ts';
import { startReplay } from '../../src/session/replay.ts';
import { makeSnapshot, type Scenario } from '../analysis/snapshot-builder.ts';

const slow: Scenario = { entries: [['clock_gettime', 1, 5_000]] };

/** A live session that took a snapshot at each of these seconds. */
function watched(atSeconds: readonly number[], sinceMs = 0) {
  const history = createHistory();
  const context = { version: 'test', commandLine: 'vdsotop', intervalMs: 500 };
  const look = createLookback(history, () => context);
  const snapshots = atSeconds.map((seconds) => makeSnapshot(slow, seconds));
  for (const snapshot of snapshots) history.add({ ...snapshot, sinceMs: snapshot.elapsedMs > sinceMs ? sinceMs : 0 });
  return { history, look };
}

const monotonic = (look: ReturnType<typeof watched>['look']) =>
  look.liveReport()?.clocks.find(({ name }) => name === 'MONOTONIC')?.kernelEntriesPerSecond;

describe('the live window', () => {
  it('is the last interval where that is longer than ten seconds', () => {
    const { look, history } = watched([0, 10.004, 20.011, 30.013]);
    expect(look.liveReport()?.window.seconds).toBeCloseTo(10.002, 6);
    expect(monotonic(look)).toBeCloseTo(5_000, 0);
    expect(look.frame()?.report.headline).not.toContain('No verdict yet');
    expect(tracedRate(history.all())).toBeCloseTo(5_000, 0);
  });

  it('is no longer than ten seconds and an interval', () => {
    const { look } = watched(Array.from({ length: 100 }, (_, index) => index * 0.502));
    expect(look.liveReport()?.window.seconds).toBeCloseTo(20 * 0.502, 6);
  });

  it('never begins before a reset', () => {
    const { look } = watched([0, 10, 20, 23, 26], 20_000);
    expect(look.liveReport()?.window.seconds).toBe(6);
    expect(watched([0, 10, 20], 20_000).look.liveReport()?.window.seconds).toBe(10);
  });
});

describe('a target that has ended', () => {
  it('has ended in every moment that is shown, and is paused at no moment but those before', () => {
    const { look, history } = watched([0, 0.5, 1]);
    look.setPaused(true);
    expect(look.frame()).toMatchObject({ state: 'paused' });
    expect(look.frame()).not.toHaveProperty('hasEnded');
    history.add({ ...makeSnapshot(slow, 1.5), ended: true });
    look.show('newest');
    expect(look.frame()).toMatchObject({ state: 'ended', hasEnded: true });
    look.step(-1);
    expect(look.frame()).toMatchObject({ state: 'paused', hasEnded: true, behindSeconds: 0.5 });
  });
});

describe('a moment that is paused at', () => {
  const context = { version: 'test', commandLine: 'vdsotop', intervalMs: 500 };

  /** 5,000 entries a second in the first 150 seconds, and none after them; paused as they end. */
  function paused() {
    const history = createHistory();
    const look = createLookback(history, () => context);
    const follow = (from: number, samples: number) => {
      for (let index = from; index < from + samples; index += 1) {
        const snapshot = makeSnapshot(slow, index / 2);
        const { entries } = makeSnapshot(
          { entries: [['clock_gettime', 1, Math.min(1, 300 / index) * 5_000]] },
          index / 2,
        );
        history.add(index <= 300 ? snapshot : { ...snapshot, entries });
      }
    };
    follow(0, 301);
    look.show(look.shownAt());
    look.setPaused(true);
    const frame = look.frame();
    if (frame === undefined) throw new Error('nothing to show');
    const capsule = () => {
      const report = look.report('shown');
      if (report === undefined) throw new Error('nothing to save');
      return makeCapsule(look.kept(), report, { ...context, savedAtMs: 0, shownMs: look.shown()?.elapsedMs });
    };
    return { look, follow, frame, capsule };
  }

  it.each([1_180, 1_210, 1_900])('is told and saved as it was, %d samples later', (samples) => {
    const { look, follow, frame, capsule } = paused();
    expect(frame.report.verdict).toBe('slow');
    follow(301, samples);
    look.changed();
    const later = look.frame();
    expect(later).toEqual({ ...frame, behindSeconds: samples / 2 });
    expect(later && frameOfCapsule(capsule(), later, 'test')).toEqual(later);
    expect(watchOf({ ...capsule(), shownMs: capsule().header.shownMs ?? 0 }, '', context)?.report.verdict).toBe('slow');
  });

  it('is stepped from and back to, and let go of at resume', () => {
    const { look, follow, frame, capsule } = paused();
    follow(301, 1_900);
    look.step(-1);
    expect(look.frame()?.behindSeconds).toBe(950.5);
    look.step(1);
    expect(look.frame()?.report).toEqual(frame.report);
    look.jump(-10);
    expect(look.frame()?.behindSeconds).toBe(960);
    expect(look.frame()?.report.verdict).toBe('slow');
    look.jump(Infinity);
    expect(look.frame()?.behindSeconds).toBe(0);
    expect(capsule().snapshots).toHaveLength(1_200);
  });

  it('lies in a capsule before a gap that no window spans', () => {
    const { follow, capsule } = paused();
    follow(301, 1_900);
    const replay = startReplay(capsule(), { version: 'test', notes: [] });
    onTestFinished(() => replay.close());
    expect(replay.frame()?.report.verdict).toBe('slow');
    replay.step(2);
    expect(replay.frame()?.report.window.seconds).toBe(0.5);
    replay.jump(Infinity);
    expect(replay.report()).toMatchObject({ verdict: 'unknown', window: { seconds: 599.5 } });
  });
});

describe('curves', () => {
  const everySecond = Array.from({ length: 41 }, (_, second) => second);
  const points = (look: ReturnType<typeof watched>['look']) => look.frame()?.series[0]?.points ?? [];

  it('begin at a reset, and show the minute before it to who goes back', () => {
    const { look, history } = watched(everySecond, 25_000);
    expect(points(look)).toHaveLength(15);
    expect(points(look)[0]?.kernelEntriesPerSecond).not.toBeNull();
    look.jump(-15);
    expect(points(look)).toHaveLength(25);
    look.show('newest');
    history.add({ ...makeSnapshot(slow, 41), sinceMs: 40_000 });
    look.changed();
    expect(points(look)).toHaveLength(1);
  });

  it('go on where the window begins anew at an exec or another clocksource', () => {
    const { look, history } = watched(everySecond);
    for (const second of [41, 42, 43]) history.add({ ...makeSnapshot(slow, second), sinceMs: 41_000 });
    look.changed();
    expect(look.liveReport()?.window.seconds).toBe(2);
    expect(points(look)).toHaveLength(43);
  });
});
