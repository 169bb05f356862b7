import { readActivity } from '../collect/process/activity.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import type { ThreadEntryCount } from '../model/entries.ts';
import type { Reading } from '../model/reading.ts';
import type { TargetActivity } from '../model/target.ts';
import { createBusiestThreads } from './busiest-threads.ts';

/** Threads and CPU time of the target, and of its descendants where the whole tree is watched. */
export interface Activity {
  read(threads: readonly ThreadEntryCount[]): Reading<TargetActivity>;
}

export function createActivity(pid: number, tree: ProcessTree): Activity {
  /** CPU time of each living descendant as last seen. */
  const cpuTimeNsOf = new Map<number, number>();
  /** What descendants that have ended burnt, as far as it was seen. */
  let endedNs = 0;
  /** Names are read for the threads that may come among the ten busiest, not for all two thousand. */
  const busiestThreads = createBusiestThreads();

  const forget = (child: number) => {
    endedNs += cpuTimeNsOf.get(child) ?? 0;
    cpuTimeNsOf.delete(child);
  };

  return {
    read(threads) {
      const busiest = Map.groupBy(busiestThreads(threads), (tid) => tree.processOf(tid));
      const own = readActivity(pid, busiest.get(pid) ?? []);
      for (const child of tree.pids()) if (child !== pid && !cpuTimeNsOf.has(child)) cpuTimeNsOf.set(child, 0);
      if ('unavailable' in own || cpuTimeNsOf.size + endedNs === 0) return own;
      let { threadCount } = own.value;
      const threadNames: Record<number, string> = { ...own.value.threadNames };
      for (const child of [...cpuTimeNsOf.keys()]) {
        const activity = readActivity(child, busiest.get(child) ?? []);
        if ('unavailable' in activity) {
          forget(child);
          continue;
        }
        threadCount += activity.value.threadCount;
        Object.assign(threadNames, activity.value.threadNames);
        cpuTimeNsOf.set(child, activity.value.cpuTimeNs);
      }
      const ofDescendants = [...cpuTimeNsOf.values()].reduce((sum, ns) => sum + ns, endedNs);
      const value = { threadCount, threadNames, cpuTimeNs: own.value.cpuTimeNs + ofDescendants };
      return { value, source: `${own.source} and of ${cpuTimeNsOf.size} descendants` };
    },
  };
}
