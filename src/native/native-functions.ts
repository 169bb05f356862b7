/** The functions of the library as TypeScript sees them; the returned number is what C returned. */
export interface NativeFunctions {
  readonly vt_abi_version: () => number;
  readonly vt_vdso_own: (out: Uint8Array, symbols: Uint8Array, capacity: number) => number;
  readonly vt_vdso_parse: (
    image: Uint8Array,
    size: number,
    out: Uint8Array,
    symbols: Uint8Array,
    capacity: number,
  ) => number;
  readonly vt_sampler_run: (
    plan: Uint8Array,
    planCount: number,
    first: number,
    budgetNs: number,
    results: Uint8Array,
    capacity: number,
    out: Uint8Array,
  ) => number;
  readonly vt_clock_page_read: (address: number, size: number, timensPage: number, out: Uint8Array) => number;
  readonly vt_clock_readings_take: (out: Uint8Array) => number;
  readonly vt_cpu_identify: (out: Uint8Array) => number;
  readonly vt_task_fd_query: (pid: number, fd: number, out: Uint8Array) => number;
  readonly vt_bpf_links: (after: number, out: Uint8Array, capacity: number) => number;
  readonly vt_entries_open: (plan: Uint8Array, tracepoints: Uint8Array, out: Uint8Array) => number;
  readonly vt_entries_watch: (entries: Uint8Array, tgid: number) => number;
  readonly vt_entries_unwatch: (entries: Uint8Array, tgid: number) => number;
  readonly vt_entries_read: (
    entries: Uint8Array,
    counts: BigUint64Array,
    threads: Uint8Array,
    capacity: number,
    totals: Uint8Array,
  ) => number;
  readonly vt_entries_close: (entries: Uint8Array) => number;
  readonly vt_perf_entries_open: (
    counters: Uint8Array,
    count: number,
    tid: number,
    inherit: number,
    fds: Int32Array,
  ) => number;
  readonly vt_perf_entries_enable: (fds: Int32Array, threads: number, count: number) => number;
  readonly vt_perf_entries_read: (fds: Int32Array, threads: number, count: number, totals: BigUint64Array) => number;
  readonly vt_perf_entries_close: (fds: Int32Array, fdCount: number) => number;
  readonly vt_enter_for_clock: (calls: number) => number;
  readonly vt_keep_to_cpus: (tid: number, cpus: Uint8Array, bytes: number) => number;
  readonly vt_raise_open_files: (wanted: number) => number;
  readonly vt_cpu_sampler_open: (tid: number, periodNs: number, withFrames: number, out: Uint8Array) => number;
  readonly vt_cpu_samplers_run: (samplers: Uint8Array, count: number, running: number, periodNs: number) => number;
  readonly vt_cpu_samplers_read: (
    samplers: Uint8Array,
    count: number,
    samples: Uint8Array,
    capacity: number,
    lost: BigUint64Array,
    code: BigUint64Array | null,
    frames: Uint8Array | null,
    frameCapacity: number,
    frameCount: Uint32Array | null,
  ) => number;
  readonly vt_cpu_samplers_time: (samplers: Uint8Array, count: number, ns: BigUint64Array) => number;
  readonly vt_cpu_samplers_close: (samplers: Uint8Array, count: number) => number;
  readonly vt_cpu_sampler_price: (withFrames: number, ns: Float64Array, count: number) => number;
  readonly vt_call_clock: (address: number, hiddenId: number, calls: number) => number;
  readonly vt_kernel_functions: (path: string, names: string, ranges: BigUint64Array, capacity: number) => number;
  readonly vt_call_samples_open: (tid: number, ringBytes: number, out: Uint8Array) => number;
  readonly vt_call_samples_arm: (
    samples: Uint8Array,
    events: Uint8Array,
    count: number,
    periods: BigUint64Array,
    bounds: Uint32Array,
  ) => number;
  readonly vt_call_samples_drop_used_up: (samples: Uint8Array) => number;
  readonly vt_call_samples_disarm: (samples: Uint8Array) => number;
  readonly vt_call_samples_read: (
    samples: Uint8Array,
    events: Uint8Array,
    out: Uint8Array,
    capacity: number,
    totals: Uint8Array,
  ) => number;
  readonly vt_call_samples_release: (samples: Uint8Array) => number;
  readonly vt_call_samples_close: (samples: Uint8Array) => number;
  readonly vt_breakpoint_price: (address: number, hits: number, caught: number, nsPerHit: Float64Array) => number;
}
