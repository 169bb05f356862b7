import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process, of the threads that live now: what the scheduler gave each (/proc/PID/task/TID/schedstat). */
export function cpuNsOfThreads(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, tid) => sum + Number(/^\d+/.exec(schedstatOf(pid, tid))?.[0] ?? 0), 0);
}

/** '' of a thread that ended meanwhile. */
function schedstatOf(pid: number, tid: string): string {
  try {
    return readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1');
  } catch {
    return '';
  }
}

export interface Memory {
  readonly residentMiB: number;
  /** The most it ever held. */
  readonly peakMiB: number;
}

export function memory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { residentMiB: mib('VmRSS'), peakMiB: mib('VmHWM') };
}
