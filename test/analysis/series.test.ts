import { describe, expect, it } from 'vitest';
import { makeSeries } from '../../src/analysis/series.ts';
import type { ClockSeries, SeriesPoint } from '../../src/model/frame.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { denied, makeSnapshot, type Scenario, timingsOf } from './snapshot-builder.ts';

const scenario: Scenario = { entries: [['clock_gettime', 3, 100]] };
const at = (seconds: number) => makeSnapshot(scenario, seconds);
const pointsOf = (series: readonly ClockSeries[], slot: number): readonly SeriesPoint[] =>
  series.find((one) => one.slot === slot)?.points ?? [];

/** Draws five snapshots two by two, as they come; answers the last one, and the first as far as anything else holds it. */
function drawnInTurn() {
  const snapshots = [1, 2, 3, 4, 5].map(at);
  for (const [index, after] of snapshots.slice(1).entries()) makeSeries([snapshots[index] ?? after, after]);
  return { last: snapshots.at(-1), first: new WeakRef(snapshots[0] ?? {}) };
}

describe('the series of a clock', () => {
  it('holds no snapshot that nobody else does, however many came since', async () => {
    const { last, first } = drawnInTurn();
    // What a WeakRef was asked or made of stays to the end of its turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    expect(first.deref()).toBeUndefined();
    expect(last).toBeDefined();
  });

  it('has a rate and the medians of its own step', () => {
    const second = { ...at(2), timings: timingsOf({ '3.vdso': 222, '3.syscall': 212 }) };
    const [point] = pointsOf(makeSeries([at(1), second]), 3);
    expect(point?.atMs).toBe(second.atMs);
    expect(point?.kernelEntriesPerSecond).toBe(100);
    expect(point?.vdsoNs).toBeCloseTo(222, 6);
    expect(point?.syscallNs).toBeCloseTo(212, 6);
  });

  it('is zero where a clock was counted and not read, and null where it was not timed', () => {
    expect(pointsOf(makeSeries([at(1), at(2)]), 1)).toEqual([
      { atMs: at(2).atMs, kernelEntriesPerSecond: 0, vdsoNs: null, syscallNs: null },
    ]);
  });

  it('has a gap where the counters were opened anew, denied, or saw no time pass', () => {
    const series = makeSeries([at(3), at(1), { ...at(2), entries: denied() }, at(4), at(4)]);
    expect(pointsOf(series, 3).map(({ kernelEntriesPerSecond }) => kernelEntriesPerSecond)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('is of the stretch before each moment, also where another came before it the last time', () => {
    const last = at(5);
    expect(pointsOf(makeSeries([at(4), last]), 3)[0]?.kernelEntriesPerSecond).toBe(100);
    const elsewhere = makeSnapshot({ entries: [['clock_gettime', 3, 25]] }, 4);
    expect(pointsOf(makeSeries([elsewhere, last]), 3)[0]?.kernelEntriesPerSecond).toBe(400);
    expect(pointsOf(makeSeries([at(4), last]), 3)[0]?.kernelEntriesPerSecond).toBe(100);
  });

  it('lists every clock that was seen beside the usual ones', () => {
    const rare = { entries: [['clock_gettime', 33, 5]] } as const;
    const slots = makeSeries([makeSnapshot(rare, 1), makeSnapshot(rare, 2)]).map(({ slot }) => slot);
    expect(slots).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 33]);
  });

  it('is empty without two snapshots', () => {
    expect(makeSeries([]).every(({ points }) => points.length === 0)).toBe(true);
    expect(makeSeries([at(1)]).every(({ points }) => points.length === 0)).toBe(true);
  });
});
