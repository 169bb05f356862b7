import { listDescendants } from '../process/list-descendants.ts';
import { listThreads } from '../process/list-threads.ts';
import { readProcessStatus, statusNumbers } from '../process/process-status.ts';

/** Which process a thread belongs to, as far as is known. */
export type ProcessOf = (tid: number) => number | undefined;

/** The processes that are watched: the target, and with `children` all below it. */
export interface ProcessTree {
  /**
   * Looks again who is there, less often where looking takes long; the descendants that came since the last time.
   */
  refresh(): readonly number[];
  /** Those of the last look, the target first. */
  pids(): readonly number[];
  /** Threads at this moment; of a tree with very many processes those of a part of them, another part each time. */
  threads(): readonly number[];
  /** The process of a thread, if it is one of them; `now`: as it is, and not as it was some seconds ago. */
  processOf(tid: number, now?: 'now'): number | undefined;
}

/** Listing the threads of one process takes some 10 µs. */
const listedAtOnce = 256;
/** Two hundred processes take 10 to 40 ms: looking at them shall not take more than two percent of a core. */
const shortLookMs = 5;
const restPerLook = 50;
const longestRestMs = 5_000;
/** A thread's number is given to another one much later, if ever. */
const refreshesRemembered = 8;

export function createProcessTree(pid: number, children: boolean): ProcessTree {
  let pids: readonly number[] = [pid];
  let known: ReadonlySet<number> = new Set(pids);
  let refreshes = 0;
  let turn = 0;
  let listedAt: number | undefined;
  let lookAgainAtMs = Number.NEGATIVE_INFINITY;
  const processes = new Map<number, number | undefined>();

  /** Cheaper than to look each of them up. */
  const list = () => {
    const length = Math.min(pids.length, listedAtOnce);
    const listed = Array.from({ length }, (_, at) => pids[(turn + at) % pids.length] ?? pid);
    turn = (turn + length) % pids.length;
    listedAt = refreshes;
    return listed.flatMap((process) => {
      const tids = listThreads(process);
      for (const tid of tids) processes.set(tid, process);
      return tids;
    });
  };
  const lookUp = (tid: number): number | undefined => {
    const status = readProcessStatus(`/proc/${tid}`);
    const process = 'value' in status ? statusNumbers(status.value, 'Tgid').at(0) : undefined;
    return process !== undefined && known.has(process) ? process : undefined;
  };
  return {
    refresh() {
      const startedMs = performance.now();
      if (!children || startedMs < lookAgainAtMs) return [];
      refreshes += 1;
      if (refreshes % refreshesRemembered === 0) processes.clear();
      const before = known;
      pids = [pid, ...listDescendants(pid)];
      known = new Set(pids);
      const tookMs = performance.now() - startedMs;
      if (tookMs > shortLookMs) lookAgainAtMs = startedMs + Math.min(longestRestMs, restPerLook * tookMs);
      return pids.filter((one) => !before.has(one));
    },
    pids: () => pids,
    threads: list,
    processOf(tid, now) {
      if (!children) return pid;
      if (known.has(tid)) return tid;
      if (now === undefined && !processes.has(tid) && listedAt !== refreshes) list();
      if (now === undefined && processes.has(tid)) return processes.get(tid);
      const process = lookUp(tid);
      processes.set(tid, process);
      return process;
    },
  };
}
