/**
 * The only door to the C library (native/*.h is the contract). Every function takes numbers and caller-owned bytes and
 * answers 0 or a count, or a negative errno; nothing here judges. To add a function: one line in `NativeFunctions`, one
 * in `prototypes`; to add a struct: one entry in `structs`.
 */
import { accessSync, constants } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';

/** VT_ABI_VERSION of native/vdsotop.h that this file was written for. */
const expectedAbiVersion = 4;

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
  readonly vt_entries_open: (plan: Uint8Array, tracepoints: Uint8Array, out: Uint8Array) => number;
  readonly vt_entries_watch: (entries: Uint8Array, tgid: number) => number;
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
  readonly vt_cpu_sampler_price: (withFrames: number, ns: Float64Array) => number;
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
  readonly vt_breakpoint_price: (address: number, hits: number, nsPerHit: Float64Array) => number;
}

/** The same functions as C declares them. Structs cross as bytes: `encodeStructs` and `decodeStructs` know their shape. */
const prototypes: Readonly<Record<keyof NativeFunctions, string>> = {
  vt_abi_version: 'int32_t vt_abi_version()',
  vt_vdso_own: 'int32_t vt_vdso_own(void *out, void *symbols, uint32_t capacity)',
  vt_vdso_parse: 'int32_t vt_vdso_parse(void *image, uint64_t size, void *out, void *symbols, uint32_t capacity)',
  vt_sampler_run:
    'int32_t vt_sampler_run(void *plan, uint32_t plan_count, uint32_t first, uint64_t budget_ns, void *results, uint32_t capacity, void *out)',
  vt_clock_page_read: 'int32_t vt_clock_page_read(uint64_t address, uint64_t size, uint32_t timens_page, void *out)',
  vt_clock_readings_take: 'int32_t vt_clock_readings_take(void *out)',
  vt_cpu_identify: 'int32_t vt_cpu_identify(void *out)',
  vt_task_fd_query: 'int32_t vt_task_fd_query(uint32_t pid, uint32_t fd, void *out)',
  vt_entries_open: 'int32_t vt_entries_open(void *plan, void *tracepoints, void *out)',
  vt_entries_watch: 'int32_t vt_entries_watch(void *entries, uint32_t tgid)',
  vt_entries_read:
    'int32_t vt_entries_read(void *entries, void *counts, void *threads, uint32_t capacity, void *totals)',
  vt_entries_close: 'int32_t vt_entries_close(void *entries)',
  vt_perf_entries_open:
    'int32_t vt_perf_entries_open(void *counters, uint32_t count, uint32_t tid, uint32_t inherit, void *fds)',
  vt_perf_entries_enable: 'int32_t vt_perf_entries_enable(void *fds, uint32_t threads, uint32_t count)',
  vt_perf_entries_read: 'int32_t vt_perf_entries_read(void *fds, uint32_t threads, uint32_t count, void *totals)',
  vt_perf_entries_close: 'int32_t vt_perf_entries_close(void *fds, uint32_t fd_count)',
  vt_enter_for_clock: 'int32_t vt_enter_for_clock(uint32_t calls)',
  vt_raise_open_files: 'int32_t vt_raise_open_files(uint64_t wanted)',
  vt_cpu_sampler_open: 'int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, uint32_t with_frames, void *out)',
  vt_cpu_samplers_run:
    'int32_t vt_cpu_samplers_run(void *samplers, uint32_t count, uint32_t running, uint64_t period_ns)',
  vt_cpu_samplers_read:
    'int32_t vt_cpu_samplers_read(void *samplers, uint32_t count, void *samples, uint32_t capacity, void *lost, void *code, void *frames, uint32_t frame_capacity, void *frame_count)',
  vt_cpu_samplers_time: 'int32_t vt_cpu_samplers_time(void *samplers, uint32_t count, void *ns)',
  vt_cpu_samplers_close: 'int32_t vt_cpu_samplers_close(void *samplers, uint32_t count)',
  vt_cpu_sampler_price: 'int32_t vt_cpu_sampler_price(uint32_t with_frames, void *ns)',
  vt_call_clock: 'int32_t vt_call_clock(uint64_t address, int32_t hidden_id, uint32_t calls)',
  vt_kernel_functions:
    'int32_t vt_kernel_functions(const char *path, const char *names, void *ranges, uint32_t capacity)',
  vt_call_samples_open: 'int32_t vt_call_samples_open(uint32_t tid, uint32_t ring_bytes, void *out)',
  vt_call_samples_arm:
    'int32_t vt_call_samples_arm(void *samples, void *events, uint32_t count, void *periods, void *bounds)',
  vt_call_samples_disarm: 'int32_t vt_call_samples_disarm(void *samples)',
  vt_call_samples_read:
    'int32_t vt_call_samples_read(void *samples, void *events, void *out, uint32_t capacity, void *totals)',
  vt_call_samples_release: 'int32_t vt_call_samples_release(void *samples)',
  vt_call_samples_close: 'int32_t vt_call_samples_close(void *samples)',
  vt_breakpoint_price: 'int32_t vt_breakpoint_price(uint64_t address, uint32_t hits, void *ns_per_hit)',
};

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
    lost_children: 'uint64_t',
    thread_count: 'uint32_t',
    reserved: 'uint32_t',
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

type AsyncFunctions = {
  readonly [F in keyof NativeFunctions]: (...args: Parameters<NativeFunctions[F]>) => Promise<number>;
};

export interface NativeLibrary extends NativeFunctions {
  /** The same functions on a worker thread, one in flight at a time: later calls wait for earlier ones. */
  readonly async: AsyncFunctions;
  /** Where the library was loaded from. */
  readonly path: string;
}

let loaded: NativeLibrary | undefined;

/** The C library, loaded at the first call. Throws one Error naming every path tried, each with its reason. */
export function nativeLibrary(): NativeLibrary {
  loaded ??= loadNativeLibrary(candidatePaths(process.env.VDSOTOP_NATIVE));
  return loaded;
}

/** Loads the first of `paths` that is a library of our ABI version; throws with every path's reason otherwise. */
export function loadNativeLibrary(paths: readonly string[]): NativeLibrary {
  const failures: string[] = [];
  for (const path of paths) {
    try {
      return bind(path);
    } catch (error) {
      failures.push(`  ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `the native library could not be loaded; tried\n${failures.join('\n')}\n` +
      "build it with 'npm run build' (needs a C compiler), or set VDSOTOP_NATIVE to the path of libvdsotop.so",
  );
}

/** The bundle (dist/cli.js) has the library beside it, the sources have it in ../dist; an override stands alone. */
function candidatePaths(override: string | undefined): readonly string[] {
  if (override !== undefined && override !== '') return [override];
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, 'libvdsotop.so'), join(here, '..', 'dist', 'libvdsotop.so')];
}

function bind(path: string): NativeLibrary {
  accessSync(path, constants.R_OK);
  const library = koffi.load(path);
  const version = Number(library.func(prototypes.vt_abi_version)());
  if (version !== expectedAbiVersion)
    throw new Error(
      `its ABI version is ${version}, this vdsotop needs ${expectedAbiVersion}: it is from another build`,
    );
  const bound = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const);
  const functions = Object.fromEntries(bound) as unknown as NativeFunctions;
  const oneAtATime = createQueue();
  const async = Object.fromEntries(
    bound.map(([name, fn]) => [name, (...args: unknown[]) => oneAtATime(() => callAsync(fn, args))]),
  ) as unknown as AsyncFunctions;
  return { ...functions, async, path };
}

type KoffiFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

/** `args` stays referenced until the call is over: C writes into its buffers meanwhile. */
function callAsync(fn: KoffiFunction, args: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: unknown, result: unknown) =>
      error ? reject(new Error(`native call with ${args.length} arguments failed: ${error}`)) : resolve(Number(result)),
    );
  });
}

function createQueue() {
  let tail: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const result = tail.then(run);
    tail = result.catch(() => undefined);
    return result;
  };
}

const layouts = new Map(Object.entries(structs).map(([name, fields]) => [name, koffi.struct(fields)]));

function layout(name: StructName) {
  const found = layouts.get(name);
  if (found === undefined) throw new Error(`no struct ${name}`);
  return found;
}

/** Zeroed bytes for `count` structs, to hand to C. The explicit buffer lies outside V8's heap, where nothing moves it. */
export function allocateStructs(name: StructName, count = 1): Uint8Array {
  return new Uint8Array(new ArrayBuffer(koffi.sizeof(layout(name)) * count));
}

/** The first `count` structs in `bytes`. */
export function decodeStructs<S extends StructName>(name: S, bytes: Uint8Array, count: number): readonly StructOf<S>[] {
  if (count === 0) return [];
  const raw: unknown[] = koffi.decode(bytes, layout(name), count);
  return raw.map((one) => normalise(one) as StructOf<S>);
}

/** One struct. */
export function decodeStruct<S extends StructName>(name: S, bytes: Uint8Array): StructOf<S> {
  return normalise(koffi.decode(bytes, layout(name))) as StructOf<S>;
}

/** Bytes of `values` as an array of structs. */
export function encodeStructs<S extends StructName>(name: S, values: readonly StructOf<S>[]): Uint8Array {
  const bytes = allocateStructs(name, values.length);
  values.forEach((value, index) => {
    koffi.encode(bytes, index * koffi.sizeof(layout(name)), layout(name), value);
  });
  return bytes;
}

/** koffi gives a 64-bit integer as number or bigint by its size: here it becomes a number, once. */
function normalise(struct: unknown): unknown {
  const fields = Object.entries(struct as Record<string, unknown>);
  return Object.fromEntries(fields.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]));
}

/** 'EINVAL' for -22: the name of a negative errno that C returned, for a detail line. */
export function errnoName(result: number): string {
  const found = Object.entries(osConstants.errno).find(([, value]) => value === -result);
  return found?.[0] ?? `errno ${-result}`;
}
