import { describe, expect, it } from 'vitest';
import { makeWindow } from '../../src/analysis/window.ts';
import { makeSnapshot, timingsOf } from './snapshot-builder.ts';

const at = (seconds: number) => ({ ...makeSnapshot({}, seconds), timings: timingsOf({ '1.vdso': seconds }) });

describe('a window', () => {
  it('holds its ends and the timings taken between them', () => {
    const snapshots = [at(1), at(2), at(3)];
    const window = makeWindow(snapshots, timingsOf({ '1.vdso': 9 }));
    expect(window.first).toBe(snapshots[0]);
    expect(window.last).toBe(snapshots[2]);
    expect(window.timings.map(({ perCallNs }) => Math.round(perCallNs[0] ?? 0))).toEqual([2, 3]);
    expect(window.watchedSeconds).toBe(2);
  });

  it('was watched since attach or reset, where that lies before it', () => {
    expect(makeWindow([at(10), at(20)], [], 6_000).watchedSeconds).toBe(14);
    expect(makeWindow([at(10), at(20)], [], 15_000).watchedSeconds).toBe(10);
  });

  it('of a single snapshot keeps what was timed', () => {
    const window = makeWindow([at(4)], []);
    expect(window.timings).toHaveLength(1);
    expect(window.watchedSeconds).toBe(0);
  });

  it('is not made of nothing', () => {
    expect(() => makeWindow([], [])).toThrow('at least one snapshot');
  });
});
