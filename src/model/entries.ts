import type { ClockSlot, EntryFunction } from './clock-calls.ts';
import type { Known } from './reading.ts';

export interface EntryCount {
  readonly fn: EntryFunction;
  /** Clock slot for clock_gettime and clock_getres; 0 for the others, which take no clock id. */
  readonly slot: ClockSlot;
  readonly count: number;
}

export interface ThreadEntryCount extends EntryCount {
  /** As /proc/PID/task of our namespace names it. */
  readonly tid: number;
}

/** Kernel entries of the target, cumulative since the counter was armed. */
export interface EntryTotals {
  readonly method: 'bpf' | 'perf' | 'perf-trace';
  /** False when the counter is a sample or may have missed or over-counted; `caveat` then says why. */
  readonly exact: boolean;
  readonly caveat?: string;
  /** Milliseconds since the counter was armed, by our monotonic clock at the moment of reading. */
  readonly armedForMs: number;
  /**
   * Which of the counters of a session it is, by the order in which they were opened: two that count alike can be told
   * apart by nothing else. Absent in what was recorded without it.
   */
  readonly opening?: number;
  readonly counts: readonly EntryCount[];
  readonly threads: readonly ThreadEntryCount[];
  /** Entries counted in `counts` that could not be laid to a thread (the table of threads was full). */
  readonly unattributed: number;
  /**
   * How often the kernel passed over the counter, for any process: up to as many entries are missing. Unavailable where it
   * does not tell; absent for counters that are no BPF programs.
   */
  readonly passedOver?: Known<number>;
  /** Threads that the target started, of a tree processes too; absent: they were not counted. */
  readonly started?: number;
  /** The processes among them, where a tree is counted; absent: they were not counted apart. */
  readonly startedProcesses?: number;
  /** Whether calls of 32-bit code are in it; absent: no, and a 0 proves nothing of a 32-bit process. */
  readonly sees32Bit?: boolean;
}
