import { describe, expect, it } from 'vitest';
import { makeCapsule } from '../../src/capsule/make-capsule.ts';
import { startReplay } from '../../src/session/replay.ts';
import { guestPrices, makeWatch } from '../analysis/diff/watch-builder.ts';

/** A minute of calm, then a minute of ten times as many reads, at a price that has doubled. */
function twoMinutes() {
  const counts = Array.from({ length: 120 }, (_, second) => (second < 60 ? 2_000 : 20_000));
  const calm = makeWatch({ seed: 1, counts: [['clock_gettime', 3, counts]] });
  const dear = makeWatch({
    seed: 2,
    counts: [['clock_gettime', 3, counts]],
    prices: { ...guestPrices, '1.vdso': 45 },
    unwatched: calm.snapshots[0]?.unwatched ?? [],
  });
  const snapshots = [...calm.snapshots.slice(0, 120), ...dear.snapshots.slice(120)].map((snapshot) => ({
    ...snapshot,
    unwatched: calm.snapshots[0]?.unwatched ?? [],
  }));
  const facts = { savedAtMs: 0, intervalMs: 500, commandLine: 'vdsotop' };
  return startReplay(makeCapsule(snapshots, calm.report, facts), { version: 'test', notes: [] });
}

describe('a baseline', () => {
  it('is what every later frame is compared with', () => {
    const replay = twoMinutes();
    expect(replay.frame()?.difference).toBeUndefined();
    replay.jump(-Infinity);
    replay.jump(55);
    replay.setBaseline();
    replay.jump(Infinity);
    const difference = replay.frame()?.difference;
    const clock = (name: string) => difference?.clocks.find((one) => one.name === name);
    expect(clock('THREAD_CPUTIME_ID')?.kernelEntriesPerSecond).toMatchObject({
      before: 2_000,
      after: 20_000,
      verdict: 'changed',
    });
    const price = clock('MONOTONIC')?.prices.find(({ path }) => path === 'vdso');
    expect(price?.p50.verdict).toBe('changed');
    expect(price?.batches.after).toBeGreaterThan(4);
    replay.close();
  });

  it('finds no change of the moment it was set at', () => {
    const replay = twoMinutes();
    replay.setBaseline();
    const changed = replay.frame()?.difference?.clocks.filter(({ verdict }) => verdict === 'changed');
    expect(changed).toEqual([]);
    replay.close();
  });
});
