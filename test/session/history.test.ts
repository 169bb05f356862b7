import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { createHistory } from '../../src/session/history.ts';

/** History looks at nothing but the order, the reads, the threads and what is gathered between snapshots. */
const snapshot = (elapsedMs: number, threads = 0) =>
  ({
    elapsedMs,
    sinceMs: 0,
    timings: [],
    fastWindows: [],
    activity: { unavailable: 'absent', detail: 'not read' },
    fastReads: { unavailable: 'absent', detail: 'not looked for' },
    cpuSamples: { unavailable: 'absent', detail: 'not sampled' },
    callSites: { unavailable: 'absent', detail: 'not sampled' },
    entries: {
      source: 'test',
      value: {
        method: 'bpf',
        exact: true,
        armedForMs: elapsedMs,
        counts: [],
        unattributed: 0,
        threads: Array.from({ length: threads }, (_, tid) => ({ tid, fn: 'time', slot: 0, count: 1 })),
      },
    },
  }) as unknown as Snapshot;

function withReads({ entries, ...rest }: Snapshot, count: number): Snapshot {
  if ('unavailable' in entries) throw new Error('counted above');
  const counts = [{ fn: 'time', slot: 0, count }] as const;
  return { ...rest, entries: { ...entries, value: { ...entries.value, counts } } };
}

describe('history', () => {
  it('keeps ten minutes at two a second and no more', () => {
    const history = createHistory();
    for (let index = 0; index < 1_500; index += 1) history.add(snapshot(index));
    expect(history.all()).toHaveLength(1_200);
    expect(history.all()[0]?.elapsedMs).toBe(300);
    expect(history.added()).toBe(1_500);
  });

  it('knows when a read was last seen, up to any moment it keeps', () => {
    const history = createHistory();
    const reads = [5, 5, 7, 7, 7];
    for (const [index, count] of reads.entries()) history.add(withReads(snapshot(index), count));
    // Of the first snapshot it is not known whether the target has read since.
    expect(reads.map((_, index) => history.lastReadMs(index))).toEqual([0, 0, 2, 2, 2]);
    for (let index = 5; index < 1_202; index += 1) history.add(withReads(snapshot(index), index < 1_000 ? 7 : 9));
    expect(history.lastReadMs(999)).toBe(2);
    expect(history.lastReadMs(1_201)).toBe(1_000);
  });

  it('takes calls for reads that windows counted and nothing told apart', () => {
    const history = createHistory();
    const hits = [{ slot: 36, count: 1 }];
    const counted = { tid: 1, armedMs: 100, functions: [{ fn: 'clock_gettime' as const, hits }] };
    const silent = { ...counted, functions: [{ fn: 'clock_gettime' as const, hits: [] }] };
    for (const [index, one] of [silent, counted, silent].entries())
      history.add({ ...snapshot(index), fastCounts: [one] });
    expect([0, 1, 2].map((index) => history.lastReadMs(index))).toEqual([0, 1, 1]);
  });

  it('lets go of large tables of threads in the past, and keeps small ones', () => {
    const history = createHistory();
    history.add(snapshot(0, 2_000));
    history.add(snapshot(1, 10));
    for (let index = 2; index < 100; index += 1) history.add(snapshot(index, 2_000));
    const threads = history.all().map(({ entries }) => ('value' in entries ? entries.value.threads.length : -1));
    expect(threads[0]).toBe(0);
    expect(threads[1]).toBe(10);
    expect(threads.at(-1)).toBe(2_000);
    expect(threads.filter((count) => count === 2_000).length).toBeLessThanOrEqual(64);
  });
});
