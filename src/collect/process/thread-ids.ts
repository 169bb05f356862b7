import { keepNewest } from '../keep-newest.ts';
import { listThreads } from './list-threads.ts';
import { readProcessStatus, statusNumbers } from './process-status.ts';

/** What our /proc calls the thread that its own PID namespace calls `tid`; undefined when it ended before it was seen. */
export type ThreadNumber = (tid: number) => number | undefined;

/** As many as a table of entries holds. */
const endedRemembered = 16_384;

/** Thread ids of processes in a PID namespace below ours. Each thread's status is read once. */
export function createThreadIds(pids: () => Iterable<number>, mostEnded = endedRemembered): () => ThreadNumber {
  const innermost = new Map<number, number>();
  const ended = new Map<number, number>();
  return () => {
    const living = [...pids()].flatMap((pid) => listThreads(pid).map((tid) => ({ pid, tid })));
    const present = new Set(living.map(({ tid }) => tid));
    for (const [tid, id] of innermost) {
      if (present.has(tid)) continue;
      ended.delete(id);
      ended.set(id, tid);
      innermost.delete(tid);
    }
    keepNewest(ended, mostEnded);
    for (const { pid, tid } of living) {
      if (innermost.has(tid)) continue;
      const status = readProcessStatus(`/proc/${pid}/task/${tid}`);
      const id = 'value' in status ? statusNumbers(status.value, 'NSpid').at(-1) : undefined;
      if (id !== undefined) innermost.set(tid, id);
    }
    const ours = new Map([...innermost].map(([tid, id]) => [id, tid]));
    return (id) => ours.get(id) ?? ended.get(id);
  };
}
