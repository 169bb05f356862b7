import { describe, expect, it } from 'vitest';
import { createEntryRates } from '../../../src/collect/calls/entry-rates.ts';
import type { EntryTotals } from '../../../src/model/entries.ts';

const fn = 'clock_gettime' as const;

/** Totals of slot 7 at a moment: what is laid to each thread, and what is laid to none. */
function totals(armedForMs: number, threads: Readonly<Record<number, number>>, unattributed: number): EntryTotals {
  const laid = Object.entries(threads).map(([tid, count]) => ({ fn, slot: 7, tid: Number(tid), count }));
  const count = laid.reduce((sum, entry) => sum + entry.count, unattributed);
  return { method: 'bpf', exact: true, armedForMs, counts: [{ fn, slot: 7, count }], threads: laid, unattributed };
}

const busy = () => [20, 21];
const none = () => {
  throw new Error('all is laid to threads');
};

describe('rates of entries', () => {
  it('are those of the threads that they are laid to', () => {
    const ratesSince = createEntryRates();
    ratesSince(totals(1_000, { 10: 5_000, 11: 100 }, 0), none);
    expect(ratesSince(totals(1_100, { 10: 5_000, 11: 300 }, 0), none)).toEqual([{ fn, slot: 7, tid: 11, perMs: 2 }]);
  });

  it('are spread over busy threads where none is laid to any', () => {
    const ratesSince = createEntryRates();
    ratesSince(totals(1_000, {}, 5_000), busy);
    expect(ratesSince(totals(1_100, {}, 5_400), busy)).toEqual([
      { fn, slot: 7, tid: 20, perMs: 2 },
      { fn, slot: 7, tid: 21, perMs: 2 },
    ]);
  });

  it('are spread too where the table is full of threads that are gone', () => {
    const ratesSince = createEntryRates();
    ratesSince(totals(1_000, { 10: 5_000, 11: 100 }, 0), none);
    expect(ratesSince(totals(1_100, { 10: 5_000, 11: 200 }, 400), busy)).toEqual([
      { fn, slot: 7, tid: 11, perMs: 1 },
      { fn, slot: 7, tid: 20, perMs: 2 },
      { fn, slot: 7, tid: 21, perMs: 2 },
    ]);
  });

  it('are not spread where next to none is laid to no thread', () => {
    const ratesSince = createEntryRates();
    ratesSince(totals(1_000, { 10: 5_000 }, 0), none);
    expect(ratesSince(totals(1_100, { 10: 5_200 }, 10), none)).toEqual([{ fn, slot: 7, tid: 10, perMs: 2 }]);
  });
});
