import type { EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow, FastWindowFunction } from '../model/fast-reads.ts';
import { isCutInBurst } from './is-cut-in-burst.ts';
import { slotNotToldApart } from './tells-clocks-apart.ts';

/** What one window saw of one function, by clocks. */
export interface ClockLook {
  readonly tid: number;
  /** All calls, and by slot. */
  readonly all: number;
  readonly hits: FastWindowFunction['hits'];
  /** How many of them were told apart. */
  readonly drawn: number;
  readonly isCut: boolean;
  readonly perMs: number;
}

/** The windows that met calls of it. */
export function clockLooks(windows: readonly FastWindow[], fn: EntryFunction, nsPerHit: number): readonly ClockLook[] {
  return windows.flatMap(({ tid, functions }) =>
    functions.filter((one) => one.fn === fn && one.hits.length > 0).map((one) => lookOf(tid, one, nsPerHit)),
  );
}

function lookOf(tid: number, one: FastWindowFunction, nsPerHit: number): ClockLook {
  const all = countsOf(one.hits);
  const isCounted = one.hits.some(({ slot }) => slot === slotNotToldApart);
  const told = isCounted ? (one.sampled ?? []) : one.hits;
  const drawn = countsOf(told);
  const hits = told.map(({ slot, count }) => ({ slot, count: (count * all) / Math.max(1, drawn) }));
  const perMs = all / (one.usedUpAfterMs ?? Number.POSITIVE_INFINITY);
  return { tid, all, hits, drawn, isCut: isCutInBurst(one, nsPerHit), perMs };
}

function countsOf(hits: readonly { readonly count: number }[]): number {
  return hits.reduce((sum, { count }) => sum + count, 0);
}
