import type { Snapshot, Window } from '../model/snapshot.ts';
import { samplesKept } from './samples-kept.ts';
import { createWholeWindow } from './whole-window.ts';

/** Snapshots that keep their whole table of threads: enough for any window that is judged. */
const wholeTables = 64;
/** A table of threads larger than this is dropped from older snapshots, or 2,000 threads would cost 100 MB. */
const largeTable = 256;

/** What pause, step and the sixty-second sparklines look back on. */
export interface Past {
  /** Everything kept, oldest first; another array once there is more. */
  all(): readonly Snapshot[];
  /** How many snapshots were ever added: with `all().length` it says which moments are gone. */
  added(): number;
  /** `elapsedMs` of the last snapshot that saw a clock read, up to the one with that number of all ever added. */
  lastReadMs(number: number): number | undefined;
  /** Everything since attach, exec or reset, what is no longer kept counted in; undefined before the first snapshot. */
  whole(): Window | undefined;
}

/** The bounded past of a session that goes on. */
export interface History extends Past {
  add(snapshot: Snapshot): void;
}

export function createHistory(): History {
  let kept: Snapshot[] = [];
  let readMs: (number | undefined)[] = [];
  let count = 0;
  const whole = createWholeWindow();

  return {
    whole: whole.window,
    add(snapshot) {
      whole.add(snapshot);
      readMs.push(readsSeen(kept.at(-1), snapshot) ? snapshot.elapsedMs : readMs.at(-1));
      readMs = readMs.slice(-samplesKept);
      count += 1;
      const next = [...kept.slice(1 - samplesKept), snapshot];
      slim(next);
      kept = next;
    },
    all: () => kept,
    added: () => count,
    lastReadMs: (number) => readMs[Math.max(0, number - (count - kept.length))],
  };
}

/** The past of a session that is over, whole. */
export function pastOf(snapshots: readonly Snapshot[]): Past {
  const readMs: (number | undefined)[] = [];
  for (const [index, snapshot] of snapshots.entries())
    readMs.push(readsSeen(snapshots[index - 1], snapshot) ? snapshot.elapsedMs : readMs.at(-1));
  return {
    all: () => snapshots,
    added: () => snapshots.length,
    lastReadMs: (number) => readMs[number],
    whole() {
      const whole = createWholeWindow();
      for (const snapshot of snapshots) whole.add(snapshot);
      return whole.window();
    },
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

/** Whether the target is known to have read a clock between two snapshots; at the first, nothing is known. */
function readsSeen(before: Snapshot | undefined, after: Snapshot): boolean {
  return before === undefined || readsSoFar(after) > readsSoFar(before) || callsCounted(after);
}

/** Windows that only count tell of calls since the snapshot before. */
function callsCounted({ fastCounts = [] }: Snapshot): boolean {
  return fastCounts.some(({ functions }) => functions.some(({ hits }) => hits.length > 0));
}

function readsSoFar(snapshot: Snapshot): number {
  const entries = 'value' in snapshot.entries ? snapshot.entries.value.counts : [];
  const fast = 'value' in snapshot.fastReads ? snapshot.fastReads.value.hits : [];
  // Sampled time in the vDSO is a read too, of which a breakpoint may have seen nothing.
  const sampled = 'value' in snapshot.cpuSamples ? snapshot.cpuSamples.value.weights.vdso : 0;
  return [...entries, ...fast].reduce((sum, { count }) => sum + count, sampled);
}
