import type { Known } from './reading.ts';

/** perf trace's own count beside the exact one, and how much it slowed the target while it counted. */
export interface PerfTraceResult {
  readonly seconds: number;
  /** Calls as perf trace -s printed them, per function. */
  readonly perfTraceCalls: Readonly<Record<string, number>>;
  /** Exact entries of clock_gettime + gettimeofday around that time; unavailable where nothing counts exactly. */
  readonly exactCalls: Known<number>;
  /** Length of the stretch of `exactCalls`: perf's own seconds and those it takes to start and end. */
  readonly exactSeconds: number;
  /** Exact entries a second just before. */
  readonly before: Known<number>;
  /** Exact entries a second while perf trace ran. */
  readonly during: Known<number>;
}
