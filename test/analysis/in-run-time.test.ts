import { describe, expect, it } from 'vitest';
import { inRunTime } from '../../src/analysis/in-run-time.ts';
import type { LookedAtTime } from '../../src/analysis/looked-at-time.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';

const cores: Readonly<Record<number, number>> = { 1: 0.004, 2: 0.02 };
const looked: LookedAtTime = {
  coresOf: (tids) =>
    [...tids].reduce<number | undefined>((sum, tid) => (sum === undefined ? sum : sum + (cores[tid] ?? NaN)), 0),
  burntNs: () => 0,
  tids: new Set([1, 2]),
  beforeNs: 0,
  spanMs: 10_000,
  windows: new Map(),
};
const price = { value: 22, low: 20, high: 24 };
const unbounded = {
  ...{ value: 60_000, low: 800, high: Number.POSITIVE_INFINITY },
  ...{ hits: 500, windows: 9, tids: new Set([1, 2]), heldBack: true },
};

function windowOf(tid: number, slot: number, usedUp: boolean): FastWindow {
  const used = usedUp ? { usedUpAfterMs: 3, halfAfterMs: 1 } : {};
  return { tid, armedMs: 1_000, functions: [{ fn: 'clock_gettime', hits: [{ slot, count: 200 }], ...used }] };
}

const byThread = (windows: readonly FastWindow[]) => Map.groupBy(windows, ({ tid }) => tid);
const boundOf = (fastWindows: readonly FastWindow[]) =>
  inRunTime(unbounded, { fn: 'clock_gettime', slot: 1 }, { ...looked, windows: byThread(fastWindows) }, price).high;

describe('calls within the CPU time of the threads that make them', () => {
  it('are no more than the threads have time for that were met making them', () => {
    expect(boundOf([windowOf(1, 1, true), windowOf(2, 3, false)])).toBeCloseTo((1.3 * 0.004) / 20e-9 + 3.7, -1);
  });

  it('may be of a thread too that did not see the calls of another clock to their end', () => {
    expect(boundOf([windowOf(1, 1, true), windowOf(2, 3, true)])).toBeCloseTo((1.3 * 0.024) / 20e-9, -2);
  });

  it('are left as they are where nothing is known of that time', () => {
    const windows = byThread([windowOf(1, 1, true)]);
    const without = { ...looked, windows, coresOf: () => undefined };
    const { high } = inRunTime(unbounded, { fn: 'clock_gettime', slot: 1 }, without, price);
    expect(high).toBe(Number.POSITIVE_INFINITY);
  });
});
