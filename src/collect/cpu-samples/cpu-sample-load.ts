import type { ThreadRunTime } from '../process/thread-run-time.ts';
import { createThreadRunTimes } from '../process/thread-run-times.ts';
import type { ProcessOf } from '../tree/process-tree.ts';
import type { ThreadLoad } from './cpu-sample-pace.ts';

export interface SampledTotals {
  /** CPU time of threads while they were followed, nanoseconds. */
  readonly watchedCpuNs: number;
  /** The part of it while samplers ran. */
  readonly sampledCpuNs: number;
  /** How often a thread was put on a CPU while samplers ran. */
  readonly sampledTurns: number;
}

/** What the followed threads burn and how often they switch, from their schedstat; read at each change of the sampling. */
export interface SampledLoad {
  /** Adds up what these threads have burnt by now. */
  account(tids: readonly number[]): void;
  /** What a thread has burnt since it was last accounted for does not count. */
  drop(tid: number): void;
  /** From now on samplers run, or rest. */
  running(on: boolean): void;
  /** The load since the last call, smoothed; before anything is known each thread is taken to fill `unknown` cores in all. */
  next(tids: readonly number[], unknown: number): ThreadLoad;
  totals(): SampledTotals;
  close(): void;
}

/** How much of an older, higher load is still expected a second later: threads that paused may go on. */
const remembered = 0.5;
/** A load that is not known may switch so often. */
const unknownTurns = 100;

export function createSampledLoad(processOf: ProcessOf): SampledLoad {
  const last = new Map<number, ThreadRunTime>();
  const runTimes = createThreadRunTimes();
  const totals = { watchedCpuNs: 0, sampledCpuNs: 0, sampledTurns: 0 };
  let since = { atMs: performance.now(), cpuNs: 0, turns: 0 };
  let load: ThreadLoad | undefined;
  let on = false;

  const account = (tids: readonly number[]) => {
    const present = new Set(tids);
    for (const tid of last.keys()) if (!present.has(tid)) last.delete(tid);
    for (const tid of tids) {
      const pid = processOf(tid);
      const now = pid === undefined ? undefined : runTimes.of(pid, tid);
      const before = last.get(tid);
      if (now === undefined) continue;
      last.set(tid, now);
      if (before === undefined) continue;
      const cpuNs = Math.max(0, now.cpuNs - before.cpuNs);
      const turns = Math.max(0, now.turns - before.turns);
      totals.watchedCpuNs += cpuNs;
      if (on) {
        totals.sampledCpuNs += cpuNs;
        totals.sampledTurns += turns;
      }
      since = { ...since, cpuNs: since.cpuNs + cpuNs, turns: since.turns + turns };
    }
  };

  return {
    account,
    drop: (tid) => void last.delete(tid),
    running(now) {
      on = now;
    },
    next(tids, unknown) {
      account(tids);
      const nowMs = performance.now();
      const seconds = (nowMs - since.atMs) / 1_000;
      if (load === undefined || seconds < 0.1) {
        load ??= { cores: unknown, turns: unknownTurns };
      } else {
        const cores = since.cpuNs / seconds / 1e9;
        const turns = since.turns / seconds;
        load = { cores: Math.max(cores, load.cores * remembered), turns: Math.max(turns, load.turns * remembered) };
      }
      since = { atMs: nowMs, cpuNs: 0, turns: 0 };
      return load;
    },
    totals: () => totals,
    close: runTimes.close,
  };
}
