import { describe, expect, it } from 'vitest';
import type { ThreadEntryCount } from '../../src/model/entries.ts';
import { createBusiestThreads } from '../../src/session/busiest-threads.ts';

const table = (counts: ReadonlyMap<number, number>): readonly ThreadEntryCount[] =>
  [...counts].map(([tid, count]) => ({ tid, fn: 'clock_gettime', slot: 3, count }));

/** Threads 1 to 2,000 that did a thousand reads each, and what some did since. */
function grown(more: Readonly<Record<number, number>>): readonly ThreadEntryCount[] {
  return table(new Map(Array.from({ length: 2_000 }, (_, at) => [at + 1, 1_000 + (more[at + 1] ?? 0)])));
}

describe('createBusiestThreads', () => {
  it('finds one slow thread among 2,000 that did as much before', () => {
    const busiest = createBusiestThreads();
    busiest(grown({}));
    expect(busiest(grown({ 1234: 5 }))).toContain(1_234);
  });

  it('remembers who was busy within a window, and names only few', () => {
    const busiest = createBusiestThreads();
    const more: Record<number, number> = {};
    busiest(grown(more));
    for (let tid = 1_001; tid <= 1_040; tid += 1) {
      more[tid] = 100;
      busiest(grown(more));
    }
    const named = busiest(grown(more));
    expect(named).toEqual(expect.arrayContaining([1_001, 1_020, 1_040]));
    expect(named.length).toBeLessThanOrEqual(64);
  });

  it('finds the busiest of a window among hundreds that are as busy as each other', () => {
    // The later a thread was started the less it did in all; since the window began the last few did one read more.
    const begin = table(new Map(Array.from({ length: 240 }, (_, at) => [at + 1, 1_000 - at])));
    const now = begin.map((one) => ({ ...one, count: one.count + (one.tid > 230 ? 11 : 10) }));
    const shown = Array.from({ length: 10 }, (_, at) => 231 + at);
    const busiest = createBusiestThreads();
    for (let read = 0; read < 70; read += 1) busiest(now);
    expect(busiest(now)).not.toContain(231);
    expect(busiest(now, [begin])).toEqual(expect.arrayContaining(shown));
  });

  it('forgets in time', () => {
    const busiest = createBusiestThreads();
    busiest(grown({}));
    busiest(grown({ 1500: 1 }));
    const later = { ...Object.fromEntries(Array.from({ length: 16 }, (_, at) => [at + 1, 50])), 1500: 1 };
    for (let read = 0; read < 70; read += 1) busiest(grown(later));
    expect(busiest(grown(later))).not.toContain(1_500);
  });

  it('leaves out threads that entered nothing', () => {
    expect(createBusiestThreads()(table(new Map([[7, 0]])))).toEqual([]);
  });
});
