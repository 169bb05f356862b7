import { describe, expect, it } from 'vitest';
import { createHistory } from '../../src/session/history.ts';
import { createLookback } from '../../src/session/lookback.ts';
import { tracedRate } from '../../src/session/perf-trace-beside.ts';
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
