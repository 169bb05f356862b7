import type { Known, Reading } from './reading.ts';

/** What vdsotop itself costs, cumulative since it attached. */
export interface OwnCost {
  /** CPU time of vdsotop, all its threads. */
  readonly cpuTimeNs: number;
  /** Part of it spent in the native sampler. */
  readonly samplerNs: number;
  readonly rssBytes: number;
  /**
   * What being counted adds to one clock syscall of the target, measured once by counting ourselves: price with our own
   * reads counted minus unwatched price.
   */
  readonly addedNsPerEntry: Reading<number>;
  /** Measured once, on ourselves: what one hit of a breakpoint takes from a thread. */
  readonly nsPerBreakpointHit: Reading<number>;
  /** Where the hit is only counted; absent in recordings from before 0.2. */
  readonly nsPerCountedHit?: Reading<number>;
  /** The same of one sample of the CPU sampling. */
  readonly nsPerCpuSample: Reading<number>;
  /** Time that both probes have taken from the target's threads so far, as counted and priced; nanoseconds. */
  readonly probesNs: number;
}

export interface CostSummary {
  /** Part of one core that vdsotop uses. */
  readonly coreShare: number;
  readonly samplerCoreShare: number;
  readonly rssBytes: number;
  /** What counting adds to one clock syscall of the target: watched minus unwatched price, both measured here. */
  readonly addedNsPerEntry: Known<number>;
  /** The same on a syscall that is not a clock read, of any process on the host, while vdsotop watches. */
  readonly addedNsPerOtherSyscall: Known<number>;
  /** Part of one core that the breakpoints and the CPU sampling take from the target. */
  readonly probesCoreShare: Known<number>;
  /** Part of one core that the target pays for being counted: entries/s × addedNsPerEntry. */
  readonly targetCoreShare: Known<number>;
}
