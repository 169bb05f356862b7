/** What a thread has run since it started. */
export interface ThreadRunTime {
  readonly cpuNs: number;
  /** How often it was put on a CPU. */
  readonly turns: number;
}

/** First and third number of schedstat (Documentation/scheduler/sched-stats.rst); undefined where there are none. */
export function parseThreadRunTime(schedstat: string): ThreadRunTime | undefined {
  const [cpuNs, , turns] = schedstat.split(' ', 3).map(Number);
  return cpuNs === undefined || turns === undefined || Number.isNaN(cpuNs + turns) ? undefined : { cpuNs, turns };
}
