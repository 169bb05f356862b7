import type { EntryTotals } from '../model/entries.ts';
import type { Known } from '../model/reading.ts';
import type { ThreadSummary } from '../model/report.ts';
import type { Window } from '../model/snapshot.ts';
import { slotName } from './clock-table.ts';
import type { CountedEntries } from './counted-entries.ts';
import { processFinder } from './entering-processes.ts';
import { isUnavailable, known, mapKnown } from './known.ts';

const shownThreads = 10;

/** The ten threads that enter the kernel most, busiest first; unavailable where entries are not laid to threads. */
export function summarizeThreads(
  { threads, seconds }: CountedEntries,
  { last }: Window,
): Known<readonly ThreadSummary[]> {
  const activity = known(last.activity);
  const { pid, comm } = last.target;
  // The main thread is known by the name of the process, where it was over before its own could be read.
  const main = 'value' in comm ? { [pid]: comm.value } : {};
  const names = { ...main, ...(isUnavailable(activity) ? {} : activity.threadNames) };
  const processOf = last.tree === undefined ? () => undefined : processFinder(last.tree);
  return mapKnown(threads, (entries) => busiest(entries, seconds, names, processOf));
}

function busiest(
  threads: ThreadEntries,
  seconds: number,
  names: Readonly<Record<number, string>>,
  processOf: (tid: number) => number | undefined,
): readonly ThreadSummary[] {
  return [...byThread(threads)]
    .map(([tid, entries]) => ({ tid, entries, count: entries.reduce((sum, { count }) => sum + count, 0) }))
    .sort((a, b) => b.count - a.count || a.tid - b.tid)
    .slice(0, shownThreads)
    .map(({ tid, entries, count }) => {
      const pid = processOf(tid);
      return {
        tid,
        name: names[tid],
        ...(pid !== undefined && { pid }),
        kernelEntriesPerSecond: count / seconds,
        mostly: mostlyOf(entries),
      };
    });
}

type ThreadEntries = EntryTotals['threads'];

function byThread(entries: ThreadEntries): ReadonlyMap<number, ThreadEntries[number][]> {
  const threads = new Map<number, ThreadEntries[number][]>();
  for (const entry of entries) {
    const list = threads.get(entry.tid) ?? [];
    list.push(entry);
    threads.set(entry.tid, list);
  }
  return threads;
}

function mostlyOf(entries: ThreadEntries): string {
  const counts = new Map<string, number>();
  for (const { fn, slot, count } of entries) {
    const name = fn === 'clock_gettime' ? slotName(slot) : fn;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'none';
}
