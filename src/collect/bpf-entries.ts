import type { EntryTotals, Reading, ThreadEntryCount, Unavailable } from '../model.ts';
import {
  allocateStructs,
  decodeStruct,
  encodeStructs,
  errnoName,
  type NativeLibrary,
  nativeLibrary,
  type StructOf,
} from '../native.ts';
import type { EntriesTarget, KernelEntries } from './entry-counter.ts';
import { entryFunctions, slotCount } from './entry-functions.ts';
import { type EntryIdentity, readEntryIdentity } from './entry-identity.ts';
import { deniedCall } from './entry-privileges.ts';
import { readText } from './read-file.ts';
import { available, errorText, unavailable } from './reading.ts';
import { createThreadIds, type ThreadNumber } from './thread-ids.ts';
import { isAbsentFromKernel, readTracepoint, type Tracepoint } from './tracepoints.ts';

/** VT_ENTRIES_* of native/entries.h. */
const inNamespace = 1;
const tree = 2;

/** In the order of VT_TP_*: the event, and the fields that the program reads. */
const events: readonly { readonly event: string; readonly argument?: string; readonly flags?: string }[] = [
  { event: 'syscalls/sys_enter_clock_gettime', argument: 'which_clock' },
  { event: 'syscalls/sys_enter_clock_getres', argument: 'which_clock' },
  { event: 'syscalls/sys_enter_gettimeofday' },
  { event: 'syscalls/sys_enter_time' },
  { event: 'syscalls/sys_enter_getcpu' },
  { event: 'vsyscall/emulate_vsyscall', argument: 'nr' },
  { event: 'task/task_newtask', argument: 'pid', flags: 'clone_flags' },
];

/** Counts exactly, by BPF programs on tracepoints; or says why that is not possible here. */
export function openBpfEntries(target: EntriesTarget, children: boolean): KernelEntries | Unavailable {
  const identity = readEntryIdentity(target.pid, target.namespacePid);
  if ('unavailable' in identity) return identity;
  const tracepoints = readTracepoints();
  if ('unavailable' in tracepoints) return tracepoints;
  const cpus = readPossibleCpus();
  if ('unavailable' in cpus) return cpus;
  const plan = planOf(identity.value, cpus.value, children);
  const native = nativeLibrary();
  const handle = allocateStructs('vt_entries');
  const result = native.vt_entries_open(
    encodeStructs('vt_entries_plan', [plan]),
    encodeStructs('vt_tracepoint', tracepoints.value),
    handle,
  );
  if (result < 0) return openFailure(result, decodeStruct('vt_entries', handle).step, target.pid);
  const counter = createCounter(native, handle, plan, identity.value, target.pid);
  if (children) counter.watch(target.pid);
  return counter;
}

function readTracepoints(): Reading<readonly StructOf<'vt_tracepoint'>[]> {
  const found: StructOf<'vt_tracepoint'>[] = [];
  for (const { event, argument, flags } of events) {
    const reading = readTracepoint(event);
    if ('value' in reading) {
      const described = describe(reading.value, argument, flags);
      if (described === undefined)
        return unavailable('unsupported', `${reading.source}/format lacks a field that vdsotop reads`);
      found.push(described);
    } else if (found.length > 0 && isAbsentFromKernel(reading)) found.push(noTracepoint);
    else return reading;
  }
  return available(found, 'tracefs');
}

/** Where the kernel has no such tracepoint, it has no such way in either: time(2) is not on arm64. */
const noTracepoint = { id: 0, argument_offset: 0, flags_offset: 0, flags_bytes: 0 };

function describe({ id, fields }: Tracepoint, argument?: string, flags?: string) {
  const argumentField = argument === undefined ? nothing : fields.get(argument);
  const flagsField = flags === undefined ? nothing : fields.get(flags);
  if (argumentField === undefined || flagsField === undefined) return undefined;
  return {
    id,
    argument_offset: argumentField.offset,
    flags_offset: flagsField.offset,
    flags_bytes: flagsField.sizeBytes,
  };
}

const nothing = { offset: 0, sizeBytes: 0 };

/** '0-3' → 4: one more than the highest number a CPU may have. */
function readPossibleCpus(): Reading<number> {
  const path = '/sys/devices/system/cpu/possible';
  try {
    const highest = Number(/(\d+)\s*$/.exec(readText(path))?.[1] ?? Number.NaN);
    return Number.isNaN(highest) ? unavailable('failed', `${path} is empty`) : available(highest + 1, path);
  } catch (error) {
    return unavailable('failed', `reading ${path}: ${errorText(error)}`);
  }
}

/** Threads × clocks told apart on each CPU: many, but 8 MiB at most for all CPUs together. */
function keysFor(cpus: number): number {
  return cpus <= 64 ? 8_192 : cpus <= 128 ? 4_096 : cpus <= 512 ? 1_024 : 256;
}

function planOf({ tgid, namespace }: EntryIdentity, cpus: number, children: boolean): StructOf<'vt_entries_plan'> {
  return {
    ns_device: namespace?.device ?? 0,
    ns_inode: namespace?.inode ?? 0,
    tgid,
    flags: (namespace ? inNamespace : 0) | (children ? tree : 0),
    cpus,
    keys: keysFor(cpus),
  };
}

function createCounter(
  native: NativeLibrary,
  handle: Uint8Array,
  plan: StructOf<'vt_entries_plan'>,
  identity: EntryIdentity,
  pid: number,
): KernelEntries {
  const armedAtNs = decodeStruct('vt_entries', handle).armed_at_ns;
  const capacity = plan.keys * 2;
  const counts = new BigUint64Array(entryFunctions.length * slotCount);
  const threads = allocateStructs('vt_thread_entries', capacity);
  const totals = allocateStructs('vt_entries_totals');
  const watched = new Set([pid]);
  const unwatchable = new Set<number>();
  const threadIds = identity.translated ? createThreadIds(() => watched) : () => sameNumber;
  let closed = false;

  return {
    read() {
      if (closed) return unavailable('failed', 'the counter was closed');
      const result = native.vt_entries_read(handle, counts, threads, capacity, totals);
      if (result < 0) return unavailable('failed', `reading the counters answered ${errnoName(result)}`);
      const read = decodeStruct('vt_entries_totals', totals);
      const laid = layToThreads(decodeThreads(threads, read.thread_count), threadIds());
      const caveat = caveatOf(read, unwatchable.size, plan.flags);
      const value: EntryTotals = {
        method: 'bpf',
        exact: caveat === undefined,
        ...(caveat !== undefined && { caveat }),
        armedForMs: (read.read_at_ns - armedAtNs) / 1e6,
        counts: decodeCounts(counts),
        threads: laid.threads,
        unattributed: read.unattributed + laid.unattributed,
      };
      return available(value, 'BPF programs on tracepoints');
    },
    watch(child) {
      if (closed || (plan.flags & tree) === 0) return;
      const known = child === pid ? available(identity, '') : readEntryIdentity(child);
      if ('unavailable' in known) return;
      const elsewhere = known.value.namespace?.inode !== identity.namespace?.inode;
      if (elsewhere || native.vt_entries_watch(handle, known.value.tgid) < 0) unwatchable.add(child);
      else watched.add(child);
    },
    close() {
      if (closed) return;
      closed = true;
      void native.async.vt_entries_close(handle).catch(() => undefined);
    },
  };
}

const sameNumber: ThreadNumber = (tid) => tid;

function decodeCounts(counts: BigUint64Array): EntryTotals['counts'] {
  return entryFunctions.flatMap((fn, row) =>
    [...counts.subarray(row * slotCount, (row + 1) * slotCount)].flatMap((count, slot) =>
      count === 0n ? [] : [{ fn, slot, count: Number(count) }],
    ),
  );
}

/** struct vt_thread_entries, 16 bytes: u32 tid, u16 fn, u16 slot, u64 count. By hand, as there may be thousands. */
function decodeThreads({ buffer }: Uint8Array, length: number): readonly ThreadEntryCount[] {
  const tids = new Uint32Array(buffer);
  const tags = new Uint16Array(buffer);
  const counts = new BigUint64Array(buffer);
  return Array.from({ length }, (_, at) => ({
    tid: tids[at * 4] ?? 0,
    fn: entryFunctions[tags[at * 8 + 2] ?? 0] ?? 'clock_gettime',
    slot: tags[at * 8 + 3] ?? 0,
    count: Number(counts[at * 2 + 1] ?? 0n),
  }));
}

/** A thread that ended before our /proc showed its number has none: its entries stay in the totals. */
function layToThreads(entries: readonly ThreadEntryCount[], numberOf: ThreadNumber) {
  const threads: ThreadEntryCount[] = [];
  let unattributed = 0;
  for (const entry of entries) {
    const tid = numberOf(entry.tid);
    if (tid === undefined) unattributed += entry.count;
    else threads.push(tid === entry.tid ? entry : { ...entry, tid });
  }
  return { threads, unattributed };
}

function caveatOf(read: StructOf<'vt_entries_totals'>, unwatchable: number, flags: number): string | undefined {
  const caveats = [
    read.missed > 0 &&
      `the kernel passed over the counting programs ${read.missed} times on this host, so up to as many entries are missing`,
    read.lost_children > 0 && `${read.lost_children} new child processes found no room and are not counted`,
    unwatchable > 0 && `${unwatchable} child processes in other PID namespaces are not counted`,
    (flags & tree) !== 0 &&
      (flags & inNamespace) !== 0 &&
      'inside a PID namespace a new child process is counted only from when vdsotop first saw it',
  ].filter((caveat) => caveat !== false);
  return caveats.length === 0 ? undefined : caveats.join('; ');
}

/** By VT_STEP_*: the system call that failed there. */
const steps = ['plan', 'bpf(BPF_MAP_CREATE)', 'bpf(BPF_PROG_LOAD)', 'perf_event_open', 'attaching a BPF program'];
const mapStep = 1;
const programStep = 2;

function openFailure(result: number, step: number, pid: number): Unavailable {
  const code = errnoName(result);
  const call = steps[step] ?? `step ${step}`;
  if (code === 'ENOSYS') return unavailable('unsupported', `${call} answered ENOSYS: this kernel has no bpf(2)`);
  if (code === 'EINVAL' && step === mapStep)
    return unavailable(
      'unsupported',
      `${call} answered EINVAL: maps that can be read without a system call need Linux 5.5`,
    );
  // The verifier answers EACCES or EINVAL; a missing capability answers EPERM.
  if (step === programStep && code !== 'EPERM')
    return unavailable(
      'failed',
      `${call} answered ${code}: the kernel refused the counting program (it needs Linux 5.7)`,
    );
  if (code === 'EPERM' || code === 'EACCES') return deniedCall(call, code, ['BPF', 'PERFMON'], pid);
  return unavailable('failed', `${call} answered ${code}`);
}
