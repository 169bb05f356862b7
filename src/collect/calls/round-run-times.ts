import type { ThreadCpuTime } from '../../model/fast-reads.ts';
import type { ThreadRunTime } from '../process/thread-run-time.ts';
import type { ThreadRunTimes } from '../process/thread-run-times.ts';
import type { ProcessOf } from '../tree/process-tree.ts';

/** What the threads of a round run, and how often they are put on a CPU: each is read as the round begins and as it ends. */
export interface RoundRunTimes {
  begin(tids: readonly number[]): void;
  end(): EndedRound;
}

interface EndedRound {
  /** Of all threads together. */
  readonly turns: number;
  /** Of a thread that was there both times. */
  cpuOf(tid: number): ThreadCpuTime | undefined;
}

export function createRoundRunTimes(processOf: ProcessOf, pid: number, runTimes: ThreadRunTimes): RoundRunTimes {
  let begun: ReadonlyMap<number, ThreadRunTime> = new Map();
  let beganAtMs = 0;
  const read = (tids: readonly number[]) =>
    new Map(
      tids.flatMap((tid) => {
        const runTime = runTimes.of(processOf(tid) ?? pid, tid);
        return runTime === undefined ? [] : [[tid, runTime] as const];
      }),
    );

  return {
    begin(tids) {
      beganAtMs = performance.now();
      begun = read(tids);
    },
    end() {
      const ended = read([...begun.keys()]);
      const endedAtMs = performance.now();
      const [before, atMs] = [begun, beganAtMs];
      return {
        turns: [...ended].reduce(
          (sum, [tid, { turns }]) => sum + Math.max(0, turns - (before.get(tid)?.turns ?? turns)),
          0,
        ),
        cpuOf(tid) {
          const [from, to] = [before.get(tid), ended.get(tid)];
          return from && to && { beganAtMs: atMs, endedAtMs, beganNs: from.cpuNs, endedNs: to.cpuNs };
        },
      };
    },
  };
}
