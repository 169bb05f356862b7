/** Samples of where the target's threads spend their CPU time, cumulative since the sampling began. */
export interface CpuSamples {
  /** CPU time between two samples of a thread, nanoseconds. */
  readonly periodNs: number;
  readonly threads: readonly CpuSampleThread[];
  /** Samples inside [vdso] by symbol: '__vdso_clock_gettime' → 12. */
  readonly vdsoSymbols: Readonly<Record<string, number>>;
  /** The same samples over all threads, each weighing the period it stood for: the period changes with the budget. */
  readonly weights: CpuSampleWeights;
  /** CPU time that threads burnt while they were among the sampled ones, in pauses of the sampling too; nanoseconds. */
  readonly watchedCpuNs: number;
  /** The part of it without those pauses. */
  readonly sampledCpuNs: number;
  /** How long sampled threads ran as perf has it: what switching a thread costs is not in it, what a hypervisor takes is. */
  readonly ranNs: number;
  /** Whether kernel addresses could be sampled too. */
  readonly seesKernel: boolean;
  /** Whether the kernel's clock functions are known by address; without it `kernelClock` is 0 and says nothing. */
  readonly namesKernel: boolean;
  /** Where a tree of processes is watched: of how many of them samples were taken so far. */
  readonly processes?: number;
  /** Records that the kernel dropped. */
  readonly lost: number;
}

/** Nanoseconds of CPU time that samples stand for. */
export interface CpuSampleWeights {
  readonly all: number;
  readonly vdso: number;
  readonly kernelClock: number;
  readonly kernel: number;
  /** Sum of the squared weights: all² ÷ this is how many equal samples they are worth. */
  readonly squares: number;
}

export interface CpuSampleThread {
  readonly tid: number;
  readonly samples: number;
  readonly vdso: number;
  /** In the kernel's entry code and clock functions; 0 where the kernel is not seen. */
  readonly kernelClock: number;
  readonly kernel: number;
}
