import { readdirSync, readFileSync } from 'node:fs';

/** User space sees 100 ticks a second on Linux, whatever the kernel's own (USER_HZ, include/asm-generic/param.h). */
const msPerTick = 10;

/** CPU time of a process, all its threads, ended ones too. Fields 14 and 15 of proc_pid_stat(5), exact to a tick each. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * msPerTick;
}

/** The same to the nanosecond, of the threads that live now: what the scheduler gave each (proc_pid_schedstat). */
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
