import type { ClockSlot, EntryFunction } from './clock-calls.ts';
import type { EntryCount } from './entries.ts';
import type { Unavailable } from './reading.ts';

/** vDSO calls of the target that were caught at an execution breakpoint: a witness that it does read on the fast path. */
export interface FastReadWitness {
  /** Cumulative hits per function and clock slot (slot 0 for functions without a clock id). */
  readonly hits: readonly EntryCount[];
  /** Cumulative thread-milliseconds during which a breakpoint was armed. */
  readonly armedThreadMs: number;
  /** Windows that ended early because they reached their bound of hits: the true rate is higher. */
  readonly boundedWindows: number;
  readonly windows: number;
  /** CPU time of the threads that were caught calling lately, at this moment; absent in older recordings. */
  readonly callers?: readonly CallerCpuTime[];
  /** Absent where a breakpoint could always be set on each. */
  readonly refused?: readonly RefusedFunction[];
}

export interface CallerCpuTime extends ThreadCpuTime {
  readonly tid: number;
}

/** A function whose calls were not looked for in some window of a thread, as no breakpoint could be set on it. */
export interface RefusedFunction {
  readonly fn: EntryFunction;
  /** The newest. */
  readonly reason: Unavailable;
  /** Cumulative: in how many windows, one a thread. Absent in older recordings, which tell of the newest windows alone. */
  readonly times?: number;
}

/** One thread's breakpoints, armed for one moment: what an estimate of vDSO calls is made of. */
export interface FastWindow {
  readonly tid: number;
  /** From arming to disarming. */
  readonly armedMs: number;
  readonly functions: readonly FastWindowFunction[];
  /** Absent where it could not be read, as of a thread that ended meanwhile, and in older recordings. */
  readonly cpu?: ThreadCpuTime;
}

/** CPU time of the thread of a window since it started, just before and just after the window, and when by a monotonic clock. */
export interface ThreadCpuTime {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly beganNs: number;
  readonly endedNs: number;
}

/** What one breakpoint of a window caught. */
export interface FastWindowFunction {
  readonly fn: EntryFunction;
  /** By clock slot (0 for a function without clock id); all as one, slotNotToldApart, where they were only counted. */
  readonly hits: readonly { readonly slot: ClockSlot; readonly count: number }[];
  /** Where they were only counted: the clocks that some of them asked for, one of so many, from the first to the last. */
  readonly sampled?: readonly { readonly slot: ClockSlot; readonly count: number }[];
  /** The bound of hits was reached and this one looked no further, so long after arming; absent where it looked to the end. */
  readonly usedUpAfterMs?: number;
  /** Where it was used up: so long after arming the first half of its calls had come; absent in older recordings. */
  readonly halfAfterMs?: number;
}
