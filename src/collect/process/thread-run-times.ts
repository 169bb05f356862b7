import { readText } from '../read-file.ts';

/** What a thread has run since it started. */
export interface ThreadRunTime {
  readonly cpuNs: number;
  /** How often it was put on a CPU. */
  readonly turns: number;
}

/** First and third number of schedstat (Documentation/scheduler/sched-stats.rst); undefined where it cannot be read. */
export function readThreadRunTime(pid: number, tid: number): ThreadRunTime | undefined {
  try {
    const [cpuNs, , turns] = readText(`/proc/${pid}/task/${tid}/schedstat`).split(' ', 3).map(Number);
    return cpuNs === undefined || turns === undefined || Number.isNaN(cpuNs + turns) ? undefined : { cpuNs, turns };
  } catch {
    return undefined;
  }
}
