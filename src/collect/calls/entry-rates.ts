import type { EntryCount, EntryTotals } from '../../model/entries.ts';

/** Entries a millisecond of each thread and clock, between two readings of the counter. */
export interface EntryRate extends Pick<EntryCount, 'fn' | 'slot'> {
  readonly tid: number;
  readonly perMs: number;
}

/** What entered since the last call. `unattributedTids`: threads among which what is laid to none is taken to be spread. */
export function createEntryRates(): (
  now: EntryTotals,
  unattributedTids: () => readonly number[],
) => readonly EntryRate[] {
  let before: EntryTotals | undefined;
  return (now, unattributedTids) => {
    const last = before !== undefined && before.armedForMs <= now.armedForMs ? before : undefined;
    const ms = now.armedForMs - (last?.armedForMs ?? 0);
    before = now;
    if (ms <= 0) return [];
    if (now.threads.length > 0) return differences(now.threads, last?.threads ?? [], ms);
    const tids = unattributedTids();
    return differences(now.counts, last?.counts ?? [], ms).flatMap(({ fn, slot, perMs }) =>
      tids.map((tid) => ({ fn, slot, tid, perMs: perMs / tids.length })),
    );
  };
}

function differences(
  now: readonly (EntryCount & { readonly tid?: number })[],
  before: readonly (EntryCount & { readonly tid?: number })[],
  ms: number,
): readonly EntryRate[] {
  const counted = new Map(before.map((entry) => [keyOf(entry), entry.count]));
  return now.flatMap((entry) => {
    const entered = entry.count - (counted.get(keyOf(entry)) ?? 0);
    return entered > 0 ? [{ fn: entry.fn, slot: entry.slot, tid: entry.tid ?? 0, perMs: entered / ms }] : [];
  });
}

function keyOf({ fn, slot, tid }: EntryCount & { readonly tid?: number }): string {
  return `${fn} ${slot} ${tid ?? ''}`;
}
