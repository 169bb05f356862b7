import type { Snapshot } from '../model.ts';

/** Snapshots of the last ten minutes at two a second; older ones make room. */
const capacity = 1_200;
/** Snapshots that keep their whole table of threads: enough for any window that is judged. */
const wholeTables = 64;
/** A table of threads larger than this is dropped from older snapshots, or 2,000 threads would cost 100 MB. */
const largeTable = 256;

/** The bounded past of a session: what pause, step and the sixty-second sparklines look back on. */
export interface History {
  add(snapshot: Snapshot): void;
  /** Everything kept, oldest first. */
  all(): readonly Snapshot[];
  /** How many snapshots were ever added: with `all().length` it says which moments are gone. */
  added(): number;
}

export function createHistory(): History {
  let kept: Snapshot[] = [];
  let count = 0;

  return {
    add(snapshot) {
      kept.push(snapshot);
      count += 1;
      slim(kept);
      if (kept.length > capacity) kept = kept.slice(kept.length - capacity);
    },
    all: () => kept,
    added: () => count,
  };
}

function slim(kept: Snapshot[]): void {
  const index = kept.length - wholeTables - 1;
  const snapshot = kept[index];
  if (snapshot === undefined || 'unavailable' in snapshot.entries) return;
  const totals = snapshot.entries.value;
  if (totals.threads.length <= largeTable) return;
  kept[index] = { ...snapshot, entries: { ...snapshot.entries, value: { ...totals, threads: [] } } };
}
