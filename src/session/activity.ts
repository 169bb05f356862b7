import { type ProcessActivity, readActivity } from '../collect/process/activity.ts';
import { mapReading } from '../collect/reading.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import type { ThreadEntryCount } from '../model/entries.ts';
import type { Reading } from '../model/reading.ts';
import type { TargetActivity } from '../model/target.ts';
import { createBusiestThreads } from './busiest-threads.ts';

/** Threads and CPU time of the target, and of its descendants where the whole tree is watched. */
export interface Activity {
  /** `threads`: counts so far; `begins`: as they were where the windows began that are shown. */
  read(
    threads: readonly ThreadEntryCount[],
    begins?: readonly (readonly ThreadEntryCount[])[],
  ): Reading<TargetActivity>;
}

export function createActivity(pid: number, tree: ProcessTree, children: boolean): Activity {
  const ofDescendants = createDescendantsTime();
  /** Names are read for the threads that may come among the ten busiest, not for all two thousand. */
  const busiestThreads = createBusiestThreads();

  return {
    read(threads, begins) {
      const busiest = Map.groupBy(busiestThreads(threads, begins), (tid) => tree.processOf(tid));
      const of = (process: number) => readActivity(process, busiest.get(process) ?? []);
      const own = of(pid);
      if ('unavailable' in own || !children) return mapReading(own, ofOne);
      const descendants = tree.pids().filter((child) => child !== pid);
      const living = descendants.flatMap((child) => {
        const activity = of(child);
        return 'unavailable' in activity ? [] : [[child, activity.value] as const];
      });
      const all = [own.value, ...living.map(([, activity]) => activity)];
      const value = {
        threadCount: all.reduce((sum, { threadCount }) => sum + threadCount, 0),
        threadNames: Object.assign({}, ...all.map(({ threadNames }) => threadNames)),
        cpuTimeNs: own.value.cpuTimeNs + ofDescendants(own.value, new Map(living)),
      };
      return { value, source: `${own.source} and of ${living.length} descendants` };
    },
  };
}

function ofOne({ threadCount, threadNames, cpuTimeNs }: ProcessActivity): TargetActivity {
  return { threadCount, threadNames, cpuTimeNs };
}

/**
 * What descendants have burnt since the first reading and before. Of one that has ended, its parent has it all, if it waited
 * for it; else as much is known as was seen of it. Neither is ever too much, and the sum never goes back.
 */
function createDescendantsTime() {
  const seen = new Map<number, number>();
  let endedNs = 0;
  let waitedForNs: number | undefined;
  let mostNs = 0;

  return (own: ProcessActivity, living: ReadonlyMap<number, ProcessActivity>): number => {
    for (const [child, ns] of seen)
      if (!living.has(child)) {
        endedNs += ns;
        seen.delete(child);
      }
    for (const [child, { cpuTimeNs }] of living) seen.set(child, cpuTimeNs);
    const livingNs = sum([...living.values()].map(({ cpuTimeNs }) => cpuTimeNs));
    const nowWaitedForNs = sum([own, ...living.values()].map(({ childCpuTimeNs }) => childCpuTimeNs));
    waitedForNs ??= nowWaitedForNs;
    mostNs = Math.max(mostNs, livingNs + nowWaitedForNs, livingNs + endedNs + waitedForNs);
    return mostNs;
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
