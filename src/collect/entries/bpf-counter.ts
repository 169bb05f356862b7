import type { EntryTotals, ThreadEntryCount } from '../../model/entries.ts';
import type { Reading } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import type { NativeLibrary } from '../../native/load-native-library.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { createThreadIds, type ThreadNumber } from '../process/thread-ids.ts';
import { available, unavailable } from '../reading.ts';
import type { KernelEntries } from './entry-counter.ts';
import { entryFunctions, slotCount } from './entry-functions.ts';
import { type EntryIdentity, readEntryIdentity } from './entry-identity.ts';
import { passedOver } from './passed-over.ts';

/** VT_ENTRIES_* of native/entries.h: flags of a plan. */
export const inNamespace = 1;
export const tree = 2;
export const compat = 4;

/** What vt_entries_open opened, for whom. */
export interface OpenedCounter {
  readonly native: NativeLibrary;
  readonly handle: Uint8Array;
  readonly plan: StructOf<'vt_entries_plan'>;
  readonly identity: EntryIdentity;
  readonly pid: number;
}

/** The running BPF counter of a process, or of its tree. */
export function createBpfCounter({ native, handle, plan, identity, pid }: OpenedCounter): KernelEntries {
  const watched = new Set([pid]);
  let unwatchable = 0;
  let closed = false;
  const readTotals = createReader({ native, handle, plan, identity, pid }, watched);

  return {
    read() {
      return closed ? unavailable('failed', 'the counter was closed') : readTotals(unwatchable);
    },
    watch(child) {
      if (closed || (plan.flags & tree) === 0) return;
      const known = child === pid ? available(identity, '') : readEntryIdentity(child);
      if ('unavailable' in known) return;
      const elsewhere = known.value.namespace?.inode !== identity.namespace?.inode;
      if (elsewhere || native.vt_entries_watch(handle, known.value.tgid) < 0) unwatchable += 1;
      else watched.add(child);
    },
    close() {
      if (closed) return;
      closed = true;
      void native.async.vt_entries_close(handle).catch(() => undefined);
    },
  };
}

/** Reads the counters into the same buffers each time; `unwatchable`: processes that could not be added. */
function createReader({ native, handle, plan, identity }: OpenedCounter, watched: ReadonlySet<number>) {
  const armedAtNs = decodeStruct('vt_entries', handle).armed_at_ns;
  const capacity = plan.keys * 2;
  const counts = new BigUint64Array(entryFunctions.length * slotCount);
  const threads = allocateStructs('vt_thread_entries', capacity);
  const totals = allocateStructs('vt_entries_totals');
  const threadIds = identity.translated ? createThreadIds(() => watched) : () => sameNumber;

  return (unwatchable: number): Reading<EntryTotals> => {
    const result = native.vt_entries_read(handle, counts, threads, capacity, totals);
    if (result < 0) return unavailable('failed', `reading the counters answered ${errnoName(result)}`);
    const read = decodeStruct('vt_entries_totals', totals);
    const laid = layToThreads(decodeThreads(threads, read.thread_count), threadIds());
    const caveat = caveatOf(read, unwatchable, plan.flags);
    const value: EntryTotals = {
      method: 'bpf',
      exact: caveat === undefined,
      ...(caveat !== undefined && { caveat }),
      armedForMs: (read.read_at_ns - armedAtNs) / 1e6,
      counts: decodeCounts(counts),
      threads: laid.threads,
      unattributed: read.unattributed + laid.unattributed,
      passedOver: passedOver(read),
      sees32Bit: (plan.flags & compat) !== 0,
    };
    return available(value, 'BPF programs on tracepoints');
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
  if (numberOf === sameNumber) return { threads: entries, unattributed: 0 };
  const threads: ThreadEntryCount[] = [];
  let unattributed = 0;
  for (const entry of entries) {
    const tid = numberOf(entry.tid);
    if (tid === undefined) unattributed += entry.count;
    else threads.push({ ...entry, tid });
  }
  return { threads, unattributed };
}

function caveatOf(read: StructOf<'vt_entries_totals'>, unwatchable: number, flags: number): string | undefined {
  const caveats = [
    read.missed > 0 &&
      `the kernel passed over the counting programs ${read.missed} times on this host, so up to as many entries are missing`,
    read.lost_children > 0 && `${read.lost_children} new child processes found no room and are not counted`,
    unwatchable > 0 && `${unwatchable} child processes, in PID namespaces of their own or too many, are not counted`,
    (flags & tree) !== 0 &&
      (flags & inNamespace) !== 0 &&
      'inside a PID namespace a new child process is counted only from when vdsotop first saw it',
  ].filter((caveat) => caveat !== false);
  return caveats.length === 0 ? undefined : caveats.join('; ');
}
