import { readdirSync, readFileSync } from 'node:fs';

/** How long a stretch was, and how long in it the machine's busiest CPU waited for one of the host; milliseconds. */
export interface Starvation {
  readonly wallMs: number;
  readonly waitedMs: number;
}

/** Watches the threads of QEMU from now on; the answer is for the time until it is called. */
export function watchStarvation(pid: number): () => Starvation {
  const before = readThreads(pid);
  const startMs = Date.now();
  return () => {
    const spent = [...readThreads(pid)].map(([tid, now]) => ({
      ranNs: now.ranNs - (before.get(tid)?.ranNs ?? 0),
      waitedNs: now.waitedNs - (before.get(tid)?.waitedNs ?? 0),
    }));
    const busiest = spent.reduce((most, one) => (one.ranNs > most.ranNs ? one : most), { ranNs: 0, waitedNs: 0 });
    return { wallMs: Date.now() - startMs, waitedMs: busiest.waitedNs / 1e6 };
  };
}

/** Time on a CPU and time waiting for one, of each thread (Documentation/scheduler/sched-stats.rst, schedstat). */
function readThreads(pid: number): ReadonlyMap<string, { readonly ranNs: number; readonly waitedNs: number }> {
  const tasks = `/proc/${pid}/task`;
  return new Map(
    listed(tasks).map((tid) => {
      const [ranNs = 0, waitedNs = 0] = readFileSync(`${tasks}/${tid}/schedstat`, 'latin1').split(' ').map(Number);
      return [tid, { ranNs, waitedNs }];
    }),
  );
}

/** None of a machine that is gone. */
function listed(tasks: string): readonly string[] {
  try {
    return readdirSync(tasks);
  } catch {
    return [];
  }
}
