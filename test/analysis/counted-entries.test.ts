import { describe, expect, it } from 'vitest';
import { countEntries, countOf } from '../../src/analysis/counted-entries.ts';
import type { EntryTotals } from '../../src/model/entries.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { available, denied, makeSnapshot } from './snapshot-builder.ts';

const totals = (part: Partial<EntryTotals>): EntryTotals => ({
  method: 'bpf',
  exact: true,
  armedForMs: 1_000,
  counts: [],
  threads: [],
  unattributed: 0,
  ...part,
});

const monotonic = (count: number) => [{ fn: 'clock_gettime' as const, slot: 1, count }];
const at = (part: Partial<EntryTotals>): Snapshot => ({ ...makeSnapshot({}, 1), entries: available(totals(part)) });

function count(first: Snapshot, last: Snapshot) {
  const counted = countEntries({ first, last });
  if ('unavailable' in counted) throw new Error(counted.detail);
  return counted;
}

describe('entries of a window', () => {
  it('are the difference over the time the counters saw', () => {
    const counted = count(
      at({ armedForMs: 2_000, counts: monotonic(50) }),
      at({ armedForMs: 6_000, counts: monotonic(90) }),
    );
    expect(counted.seconds).toBe(4);
    expect(countOf(counted, 'clock_gettime', 1)).toBe(40);
    expect(countOf(counted, 'clock_gettime', 0)).toBe(0);
  });

  it('begin anew where the counters were armed anew', () => {
    const counted = count(
      at({ armedForMs: 8_000, counts: monotonic(50) }),
      at({ armedForMs: 3_000, counts: monotonic(60) }),
    );
    expect(counted.seconds).toBe(3);
    expect(countOf(counted, 'clock_gettime', 1)).toBe(60);
  });

  it('begin anew where a count shrank, though more time has passed', () => {
    const counted = count(
      at({ armedForMs: 2_000, counts: monotonic(50) }),
      at({ armedForMs: 5_000, counts: monotonic(10) }),
    );
    expect(counted).toMatchObject({ seconds: 5 });
    expect(countOf(counted, 'clock_gettime', 1)).toBe(10);
  });

  it('begin anew where the counters are others, though they have counted for longer than those before had', () => {
    const counted = count(
      at({ opening: 1, armedForMs: 200, counts: monotonic(0) }),
      at({ opening: 2, armedForMs: 1_000, counts: monotonic(500) }),
    );
    expect(counted.seconds).toBe(1);
    expect(countOf(counted, 'clock_gettime', 1)).toBe(500);
  });

  it('begin anew where another method took over', () => {
    const counted = count(
      at({ counts: monotonic(50) }),
      at({ method: 'perf', armedForMs: 3_000, counts: monotonic(60) }),
    );
    expect(counted).toMatchObject({ seconds: 3, method: 'perf' });
  });

  it('begin with the counters where these came later than the window', () => {
    const counted = count({ ...at({}), entries: denied() }, at({ armedForMs: 3_000, counts: monotonic(60) }));
    expect(counted.seconds).toBe(3);
  });

  it('stay unavailable with their reason', () => {
    const last = { ...at({}), entries: denied('bpf answered EPERM') };
    expect(countEntries({ first: at({}), last })).toEqual({ unavailable: 'denied', detail: 'bpf answered EPERM' });
  });

  it('are not counted over no time', () => {
    expect(countEntries({ first: at({}), last: at({}) })).toMatchObject({ unavailable: 'absent' });
  });
});

describe('entries of threads', () => {
  const thread = (tid: number, entries: number) => ({ tid, fn: 'clock_gettime' as const, slot: 3, count: entries });

  it('are differences, and whole for a thread that took an old number', () => {
    const first = at({ armedForMs: 1_000, counts: monotonic(30), threads: [thread(7, 10), thread(8, 20)] });
    const last = at({ armedForMs: 2_000, counts: monotonic(60), threads: [thread(7, 15), thread(8, 5), thread(9, 1)] });
    expect(count(first, last).threads).toEqual([thread(7, 5), thread(8, 5), thread(9, 1)]);
  });

  it('are unavailable where the table at the beginning was let go', () => {
    const first = at({ armedForMs: 1_000, counts: monotonic(30) });
    const last = at({ armedForMs: 2_000, counts: monotonic(60), threads: [thread(7, 60)] });
    expect(count(first, last).threads).toMatchObject({ unavailable: 'absent' });
  });

  it('are unavailable where entries are not laid to threads', () => {
    const first = at({ armedForMs: 1_000, counts: monotonic(30), unattributed: 30 });
    const last = at({ armedForMs: 2_000, counts: monotonic(60), unattributed: 60 });
    expect(count(first, last).threads).toMatchObject({ unavailable: 'unsupported' });
    const still = at({ armedForMs: 2_000, counts: monotonic(30), unattributed: 30 });
    expect(count(first, still).threads).toEqual([]);
  });
});
