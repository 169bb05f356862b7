import type { EntryCount } from '../model/entries.ts';
import type { Known } from '../model/reading.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { TreeFacts } from '../model/tree-facts.ts';
import type { CountedEntries } from './counted-entries.ts';
import { isUnavailable, unavailable } from './known.ts';

/** What so small a part of all entries is made by together is left out. */
const smallestPart = 0.01;

/**
 * The processes of a tree whose threads entered the kernel; those that together make next to nothing of the
 * entries left out.
 */
export function enteringProcesses(
  { tree }: Pick<Snapshot, 'tree'>,
  counted: Known<CountedEntries>,
  belongs: (entry: EntryCount) => boolean = () => true,
): Known<ReadonlySet<number>> {
  if (isUnavailable(counted)) return counted;
  const { threads } = counted;
  if (isUnavailable(threads)) return threads;
  if (tree === undefined) return unavailable('absent', 'one process is watched, and no tree');
  const processOf = processFinder(tree);
  const entries = new Map<number | undefined, number>();
  for (const entry of threads.filter(belongs)) {
    const pid = processOf(entry.tid);
    entries.set(pid, (entries.get(pid) ?? 0) + entry.count);
  }
  const laid = sumOf(entries.values());
  const all = Math.max(laid, sumOf(counted.counts.filter(belongs).map(({ count }) => count)));
  if ((entries.get(undefined) ?? 0) + all - laid > smallestPart * all)
    return unavailable('unsupported', 'it is not known of which processes all threads are that entered the kernel');
  const pids = new Set<number>();
  let told = 0;
  for (const [pid, count] of [...entries].sort((a, b) => b[1] - a[1])) {
    if (told >= (1 - smallestPart) * all) break;
    if (pid !== undefined) pids.add(pid);
    told += count;
  }
  return pids;
}

function sumOf(counts: Iterable<number>): number {
  return [...counts].reduce((sum, count) => sum + count, 0);
}

/** The process of a thread as far as a snapshot knows it. */
export function processFinder({ processes, threads }: TreeFacts): (tid: number) => number | undefined {
  const pids = new Set(processes.map(({ pid }) => pid));
  return (tid) => threads[tid] ?? (pids.has(tid) ? tid : undefined);
}
