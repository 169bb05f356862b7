import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { makeCapsule } from '../../src/capsule/make-capsule.ts';
import type { Capsule } from '../../src/model/capsule.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { createHistory } from '../../src/session/history.ts';
import { createLookback } from '../../src/session/lookback.ts';
import { startReplay } from '../../src/session/replay.ts';
import { reading, recordingText } from '../capsule/recordings.ts';

const recorded = decodeCapsule(recordingText('demo'), reading);

function open(capsule: Capsule = recorded) {
  const replay = startReplay(capsule, { version: '0.1.0', notes: [] });
  onTestFinished(() => replay.close());
  return replay;
}

const atSeconds = (replay: ReturnType<typeof open>) => replay.frame()?.replay?.atSeconds;

it('shows each moment as the live session judged it', () => {
  const live = createHistory();
  const context = { version: '0.1.0', commandLine: recorded.header.commandLine, intervalMs: 500 };
  const look = createLookback(live, () => context);
  const replay = open();
  replay.jump(-Infinity);
  for (const snapshot of recorded.snapshots) {
    live.add(snapshot);
    look.changed();
    const { replayed: _, ...report } = replay.frame()?.report ?? { replayed: undefined };
    expect(report).toEqual(look.frame()?.report);
    expect(replay.frame()).toMatchObject({ series: look.frame()?.series, idleSeconds: look.frame()?.idleSeconds });
    const { replayed: __, ...whole } = replay.report() ?? { replayed: undefined };
    expect(whole).toEqual(look.report('newest'));
    replay.step(1);
  }
  expect(recorded.snapshots.length).toBeGreaterThan(10);
});

it('judges a window from where it was begun anew, and a moment before that as it was then', () => {
  const resetMs = recorded.snapshots[8]?.elapsedMs ?? 0;
  const snapshots = recorded.snapshots.map((snapshot) =>
    snapshot.elapsedMs > resetMs ? { ...snapshot, sinceMs: resetMs } : snapshot,
  );
  const replay = open({ ...recorded, snapshots });
  const last = snapshots.at(-1)?.elapsedMs ?? 0;
  expect(replay.report()?.coverage.watchedSeconds).toBeCloseTo((last - resetMs) / 1_000, 1);
  replay.jump(-Infinity);
  replay.step(8);
  expect(replay.report()?.coverage.watchedSeconds).toBeCloseTo((resetMs - (snapshots[0]?.elapsedMs ?? 0)) / 1_000, 1);
});

it('opens at the moment that was looked at, and saves the one that is', () => {
  const shownMs = recorded.snapshots[5]?.elapsedMs ?? 0;
  const replay = open({ ...recorded, header: { ...recorded.header, shownMs } });
  expect(replay.frame()?.state).toBe('paused');
  expect(replay.capsule().header.shownMs).toBe(shownMs);
  replay.step(1);
  expect(replay.capsule().header.shownMs).toBe(recorded.snapshots[6]?.elapsedMs);
  expect(replay.capsule().header.savedAt).toBe(recorded.header.savedAt);
});

it('plays at the recorded pace, begins again at its end, and stands still there', async () => {
  const replay = open({ ...recorded, snapshots: recorded.snapshots.slice(0, 5) });
  const seen: unknown[] = [];
  replay.subscribe(() => seen.push(atSeconds(replay)));
  replay.resume();
  expect(atSeconds(replay)).toBe(0);
  expect(replay.frame()?.state).not.toBe('paused');
  const startedMs = performance.now();
  while (replay.frame()?.state !== 'paused') await sleep(10);
  const tookMs = performance.now() - startedMs;
  const recordedMs = (recorded.snapshots[4]?.elapsedMs ?? 0) - (recorded.snapshots[0]?.elapsedMs ?? 0);
  expect(tookMs).toBeGreaterThan(recordedMs * 0.9);
  expect(tookMs).toBeLessThan(recordedMs * 1.5 + 300);
  expect(new Set(seen).size).toBe(5);
});

it('plays faster and slower by the interval', async () => {
  const replay = open();
  replay.jump(-Infinity);
  replay.setIntervalMs(100);
  replay.resume();
  await sleep(600);
  replay.pause();
  expect(atSeconds(replay)).toBeGreaterThan(1.2);
  const at = atSeconds(replay);
  await sleep(300);
  expect(atSeconds(replay)).toBe(at);
});

it('of a moment that has a time of its own makes a capsule with that moment in it', () => {
  const [report] = [open().report()];
  if (report === undefined) throw new Error('no report');
  const snapshots: readonly Snapshot[] = recorded.snapshots;
  const facts = { savedAtMs: Date.UTC(2026, 10, 28), intervalMs: 500, commandLine: 'vdsotop' };
  expect(makeCapsule(snapshots, report, { ...facts, shownMs: 7 }).header).toMatchObject({
    capsule: 1,
    savedAt: '2026-11-28T00:00:00.000Z',
    shownMs: 7,
    kernel: recorded.header.kernel,
    hidden: [],
  });
  expect('shownMs' in makeCapsule(snapshots, report, facts).header).toBe(false);
});
