import type { ClockSlot, EntryFunction } from './clock-calls.ts';
import type { Interval } from './interval.ts';
import type { PriceNs, TimedPath } from './prices.ts';
import type { Known } from './reading.ts';

export type ReadPath = 'vdso' | 'syscall' | 'vsyscall' | 'mixed' | 'none' | 'unknown';

export interface ClockSummary {
  readonly id: ClockSlot;
  /** Without CLOCK_: 'MONOTONIC', 'THREAD_CPUTIME_ID', 'CPU clock of a process', 'clock of a descriptor' … */
  readonly name: string;
  /** In the window. */
  readonly kernelEntries: Known<number>;
  readonly kernelEntriesPerSecond: Known<number>;
  readonly fastCallsPerSecond: Known<Interval>;
  /** vDSO calls of this clock that the witness caught; unavailable where it could not look. */
  readonly fastCallsSeen: Known<number>;
  readonly ns: { readonly [P in TimedPath]?: PriceNs };
  /** syscall p50 ÷ vdso p50, both unwatched; unavailable where either is. */
  readonly speedup: Known<number>;
  /**
   * Part of one core that reads of this clock cost: kernel entries at the unwatched price, and `fastCoreShare` where that
   * is known.
   */
  readonly coreShare: Known<Interval>;
  /** Part of one core that its vDSO calls take in the vDSO. */
  readonly fastCoreShare: Known<Interval>;
  /** One sentence where breakpoints and CPU sampling contradict each other; `fastCallsPerSecond` then holds both. */
  readonly probesDisagree?: string;
  /** The same as part of the CPU time the target burns for itself, without what watching takes from it. */
  readonly targetCpuShare: Known<number>;
  readonly path: ReadPath;
  /** Whether this host's vDSO serves the clock, as measured in our own process; unavailable where not timed. */
  readonly servedByVdso: Known<boolean>;
  /** 'slow' | 'fast' | 'idle' (no read seen) | 'unknown' (cannot see, or reads were seen of which nothing tells the clock). */
  readonly verdict: 'slow' | 'fast' | 'idle' | 'unknown';
}

/** A time function that takes no clock id, or clock_getres: all that is said of a clock. `name` is 'gettimeofday()'. */
export interface FunctionSummary extends Omit<ClockSummary, 'id'> {
  readonly fn: EntryFunction;
  /** Whether it tells a time: getcpu and clock_getres do not. */
  readonly tellsTime: boolean;
}
