/** What the native sampler times: a clock or time function, the null-syscall floor, or the raw counter read. */
export type TimedCall =
  | 'clock_gettime'
  | 'clock_getres'
  | 'gettimeofday'
  | 'time'
  | 'getcpu'
  | 'null_syscall'
  | 'counter';

/** How a timed call is made: through libc, the vDSO symbol, a raw syscall, the vsyscall page, or bare instructions. */
export type TimedPath = 'libc' | 'vdso' | 'syscall' | 'vsyscall' | 'raw';

/** Per-call nanoseconds of every batch of one call on one path, as timed in vdsotop's own process on this host. */
export interface TimingSample {
  readonly call: TimedCall;
  /** Clock id for clock_gettime; undefined for the other calls. */
  readonly clockId: number | undefined;
  readonly path: TimedPath;
  readonly cpu: number;
  readonly callsPerBatch: number;
  readonly perCallNs: readonly number[];
  /** True when our tracepoint programs were attached: a syscall price taken then is not the unwatched one. */
  readonly watched: boolean;
}

/** Spread of a price over its batches. A percentile of batch means is not a percentile of calls. */
export interface PriceNs {
  readonly p50: number;
  readonly p10: number;
  readonly p90: number;
  /** Of fewer than a hundred batches it is next to the dearest of them. */
  readonly p99: number;
  readonly batches: number;
  /** 'unwatched' prices were taken before our counters were armed; 'watched' ones pay for them. */
  readonly taken: 'unwatched' | 'watched';
}
