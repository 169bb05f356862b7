import type { CallerCpuTime, FastWindow } from '../../model/fast-reads.ts';
import { keepNewest } from '../keep-newest.ts';
import type { ThreadRunTimes } from '../process/thread-run-times.ts';
import type { ProcessOf } from '../tree/process-tree.ts';

/** The threads that windows met calling lately, and what they have burnt by now, whether windows look at them or not. */
export interface LateCallers {
  add(windows: readonly FastWindow[]): void;
  read(): readonly CallerCpuTime[];
}

const mostCallers = 8;

export function createLateCallers(processOf: ProcessOf, pid: number, runTimes: ThreadRunTimes): LateCallers {
  const tids = new Set<number>();

  return {
    add(windows) {
      for (const { tid, functions } of windows) {
        if (functions.every(({ hits }) => hits.length === 0)) continue;
        tids.delete(tid);
        tids.add(tid);
      }
      keepNewest(tids, mostCallers);
    },
    read: () =>
      [...tids].flatMap((tid) => {
        const runTime = runTimes.of(processOf(tid) ?? pid, tid);
        if (runTime === undefined) return [];
        const atMs = performance.now();
        return [{ tid, beganAtMs: atMs, endedAtMs: atMs, beganNs: runTime.cpuNs, endedNs: runTime.cpuNs }];
      }),
  };
}
