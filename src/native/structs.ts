/** Structs of the headers, field by field in C's order and with C's types. */
export const structs = {
  vt_vdso_image: {
    base: 'uint64_t',
    size_bytes: 'uint64_t',
    symbol_count: 'uint32_t',
    hash_tables: 'uint32_t',
    build_id_bytes: 'uint32_t',
    build_id: 'uint8_t [36]',
  },
  vt_vdso_symbol: { offset: 'uint64_t', name: 'char [56]' },
  vt_batch: { call: 'int32_t', clock_id: 'int32_t', path: 'int32_t', calls: 'uint32_t' },
  vt_batch_result: {
    plan_index: 'uint32_t',
    error: 'int32_t',
    cpu: 'int32_t',
    calls: 'uint32_t',
    per_call_ns: 'double',
  },
  vt_sampler_out: { next: 'uint32_t', reserved: 'uint32_t', spent_ns: 'uint64_t', floor_ns: 'double' },
  vt_clock_page: {
    read_at_ns: 'uint64_t',
    offset: 'uint32_t',
    clock_mode: 'int32_t',
    seq: 'uint32_t',
    has_max_cycles: 'uint32_t',
  },
  vt_clock_readings: {
    monotonic_before_ns: 'uint64_t',
    realtime_ns: 'uint64_t',
    boottime_ns: 'uint64_t',
    monotonic_after_ns: 'uint64_t',
    back_ns: 'uint64_t',
  },
  vt_cpu: { hypervisor: 'char [16]', hypervisor_present: 'int32_t', invariant_tsc: 'int32_t' },
  vt_task_fd: { kind: 'uint32_t', program_id: 'uint32_t', name: 'char [64]' },
  vt_bpf_link: { id: 'uint32_t', type: 'uint32_t', program_id: 'uint32_t', kind: 'uint32_t', name: 'char [64]' },
  vt_tracepoint: {
    id: 'uint32_t',
    argument_offset: 'uint32_t',
    flags_offset: 'uint32_t',
    flags_bytes: 'uint32_t',
  },
  vt_entries_plan: {
    ns_device: 'uint64_t',
    ns_inode: 'uint64_t',
    tgid: 'uint32_t',
    flags: 'uint32_t',
    cpus: 'uint32_t',
    keys: 'uint32_t',
  },
  vt_entries: {
    regions: 'uint64_t',
    region_bytes: 'uint64_t',
    armed_at_ns: 'uint64_t',
    cpus: 'uint32_t',
    keys: 'uint32_t',
    step: 'int32_t',
    counters_fd: 'int32_t',
    watched_fd: 'int32_t',
    program_fds: 'uint8_t [52]',
    event_fds: 'uint8_t [52]',
    reserved: 'int32_t',
  },
  vt_thread_entries: { tid: 'uint32_t', fn: 'uint16_t', slot: 'uint16_t', count: 'uint64_t' },
  vt_entries_totals: {
    read_at_ns: 'uint64_t',
    unattributed: 'uint64_t',
    missed: 'uint64_t',
    thread_count: 'uint32_t',
    missed_untold: 'uint32_t',
    started: 'uint64_t',
    processes: 'uint64_t',
  },
  vt_cpu_sampler: {
    ring: 'uint64_t',
    fd: 'int32_t',
    tid: 'uint32_t',
    sees_kernel: 'uint32_t',
    with_frames: 'uint32_t',
  },
  vt_perf_counter: { tracepoint_id: 'uint32_t', exclude_kernel: 'uint32_t', filter: 'char [160]' },
  vt_call_event: {
    address: 'uint64_t',
    tracepoint_id: 'uint32_t',
    fn: 'uint32_t',
    sees_kernel: 'uint32_t',
    stack_bytes: 'uint32_t',
    filter: 'char [160]',
  },
  vt_call_samples: {
    ring: 'uint64_t',
    armed_at_ns: 'uint64_t',
    disarmed_at_ns: 'uint64_t',
    ids: 'uint8_t [64]',
    periods: 'uint8_t [64]',
    counts: 'uint8_t [64]',
    counted: 'uint8_t [64]',
    dropped_at_ns: 'uint8_t [64]',
    fds: 'uint8_t [32]',
    errors: 'uint8_t [32]',
    left: 'uint8_t [32]',
    leader_fd: 'int32_t',
    tid: 'uint32_t',
    ring_bytes: 'uint32_t',
    in_doubt: 'uint32_t',
  },
  vt_call_sample: {
    at_ns: 'uint64_t',
    event: 'uint32_t',
    fn: 'uint32_t',
    slot: 'uint32_t',
    bits: 'uint32_t',
    stack_bytes: 'uint32_t',
    first: 'uint32_t',
    registers: 'uint8_t [128]',
    stack: 'uint8_t [2048]',
  },
  vt_call_totals: { lost: 'uint32_t', throttled: 'uint32_t', unusable: 'uint32_t', reserved: 'uint32_t' },
} as const;

export type StructName = keyof typeof structs;

/** A char array is a zero-terminated string, a byte array stays bytes; 64-bit integers are plain numbers (below 2^53). */
type ValueOf<CType> = CType extends `char [${number}]`
  ? string
  : CType extends `uint8_t [${number}]`
    ? Uint8Array
    : number;

/** A struct as TypeScript sees it. */
export type StructOf<S extends StructName> = {
  readonly [F in keyof (typeof structs)[S]]: ValueOf<(typeof structs)[S][F]>;
};
