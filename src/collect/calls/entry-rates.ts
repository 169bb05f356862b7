import type { EntryCount, EntryTotals } from '../../model/entries.ts';
import { entryFunctions, slotNotToldApart } from '../entries/entry-functions.ts';

/** Entries a millisecond of each thread and clock, between two readings of the counter. */
export interface EntryRate extends Pick<EntryCount, 'fn' | 'slot'> {
  readonly tid: number;
  readonly perMs: number;
}

/** Where less than this part of what entered is laid to no thread, those that it is laid to stand for all. */
const worthSpreading = 0.1;

/** What entered since the last call. `unattributedTids`: threads among which what is laid to none is taken to be spread. */
export function createEntryRates(): (
  now: EntryTotals,
  unattributedTids: () => readonly number[],
) => readonly EntryRate[] {
  let before: Counted | undefined;
  return (now, unattributedTids) => {
    const last = before !== undefined && before.armedForMs <= now.armedForMs ? before : undefined;
    const ms = now.armedForMs - (last?.armedForMs ?? 0);
    before = { armedForMs: now.armedForMs, threads: countsOf(now.threads), counts: countsOf(now.counts) };
    if (ms <= 0) return [];
    const laid = differences(now.threads, last?.threads, ms);
    const all = differences(now.counts, last?.counts, ms);
    const unlaid = without(all, laid);
    if (unlaid.length === 0 || sumOf(unlaid) < worthSpreading * sumOf(all)) return laid;
    const tids = unattributedTids();
    const spread = unlaid.flatMap((rate) => tids.map((tid) => ({ ...rate, tid, perMs: rate.perMs / tids.length })));
    return [...laid, ...spread];
  };
}

/** What remains of the rates of all threads together. */
function without(all: readonly EntryRate[], laid: readonly EntryRate[]): readonly EntryRate[] {
  const ofThreads = Map.groupBy(laid, readOf);
  return all
    .map((rate) => ({ ...rate, perMs: rate.perMs - sumOf(ofThreads.get(readOf(rate)) ?? []) }))
    .filter(({ perMs }) => perMs > 0);
}

function sumOf(rates: readonly EntryRate[]): number {
  return rates.reduce((sum, { perMs }) => sum + perMs, 0);
}

function readOf({ fn, slot }: Pick<EntryRate, 'fn' | 'slot'>): string {
  return `${fn} ${slot}`;
}

interface Counted {
  readonly armedForMs: number;
  readonly threads: ReadonlyMap<number, number>;
  readonly counts: ReadonlyMap<number, number>;
}

type Entry = EntryCount & { readonly tid?: number };

function countsOf(entries: readonly Entry[]): ReadonlyMap<number, number> {
  return new Map(entries.map((entry) => [keyOf(entry), entry.count]));
}

function differences(
  now: readonly Entry[],
  before: ReadonlyMap<number, number> | undefined,
  ms: number,
): readonly EntryRate[] {
  return now.flatMap((entry) => {
    const entered = entry.count - (before?.get(keyOf(entry)) ?? 0);
    return entered > 0 ? [{ fn: entry.fn, slot: entry.slot, tid: entry.tid ?? 0, perMs: entered / ms }] : [];
  });
}

/** A number: there may be thousands of threads, and this is asked of each of them all the time. */
function keyOf({ fn, slot, tid = 0 }: Entry): number {
  return (tid * entryFunctions.length + entryFunctions.indexOf(fn)) * (slotNotToldApart + 1) + slot;
}
