import { listThreads } from './list-threads.ts';
import { readProcessStatus, statusNumbers } from './process-status.ts';

/** What a tracer or a seccomp filter is on is one thread, not the process. */
export interface ThreadStatuses {
  /** Largest value of a field among the threads that were read; undefined where none has the field. */
  largest(field: string): number | undefined;
  /** 'its one thread', 'all 3 threads', '64 of 500 threads'. */
  readonly read: string;
  /** Whether every thread that lives was read. */
  readonly whole: boolean;
}

/** Every thread of most programs; read every few seconds, so many cost a third of a percent of a core. */
const maxThreads = 512;

export function readThreadStatuses(pid: number): ThreadStatuses {
  const threads = listThreads(pid);
  const readings = threads.slice(0, maxThreads).map((tid) => readProcessStatus(`/proc/${pid}/task/${tid}`));
  const statuses = readings.flatMap((status) => ('value' in status ? [status.value] : []));
  const ended = readings.filter((status) => 'unavailable' in status && status.unavailable === 'absent').length;
  const living = threads.length - ended;
  return {
    largest: (field) => {
      const values = statuses.flatMap((status) => statusNumbers(status, field).slice(0, 1));
      return values.length === 0 ? undefined : Math.max(...values);
    },
    read: describe(statuses.length, living),
    whole: statuses.length === living,
  };
}

function describe(read: number, all: number): string {
  if (all === 1) return 'its one thread';
  return read === all ? `all ${all} threads` : `${read} of ${all} threads`;
}
