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
import type { EntryIdentity } from './entry-identity.ts';
import { passedOver } from './passed-over.ts';
import { createWatchedProcesses, type WatchedProcesses } from './watched-processes.ts';

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
  /** Whether the kernel has the tracepoint at which what the target starts is counted. */
  readonly countsStarts: boolean;
}

/** The running BPF counter of a process, or of its tree, all of which is watched when this returns. */
export function createBpfCounter(opened: OpenedCounter): KernelEntries {
  const { native, handle, plan, pid } = opened;
  const watched = (plan.flags & tree) === 0 ? justOne(pid) : createWatchedProcesses(opened);
  let closed = false;
  const readTotals = createReader(opened, watched);

  return {
    read() {
      return closed ? unavailable('failed', 'the counter was closed') : readTotals();
    },
    watch(child) {
      if (!closed) watched.add(child);
    },
    close() {
      if (closed) return;
      closed = true;
      void native.async.vt_entries_close(handle).catch(() => undefined);
    },
  };
}

function justOne(pid: number): WatchedProcesses {
  return { add() {}, dropEnded() {}, pids: () => [pid], caveats: () => [] };
}

/** Reads the counters into the same buffers each time. */
function createReader({ native, handle, plan, identity, countsStarts }: OpenedCounter, watched: WatchedProcesses) {
  const armedAtNs = decodeStruct('vt_entries', handle).armed_at_ns;
  const capacity = plan.keys * 2;
  const counts = new BigUint64Array(entryFunctions.length * slotCount);
  const threads = allocateStructs('vt_thread_entries', capacity);
  const totals = allocateStructs('vt_entries_totals');
  const threadIds = identity.translated ? createThreadIds(watched.pids) : () => sameNumber;

  return (): Reading<EntryTotals> => {
    watched.dropEnded();
    const result = native.vt_entries_read(handle, counts, threads, capacity, totals);
    if (result < 0) return unavailable('failed', `reading the counters answered ${errnoName(result)}`);
    const read = decodeStruct('vt_entries_totals', totals);
    const laid = layToThreads(decodeThreads(threads, read.thread_count), threadIds());
    const caveat = caveatOf(read, watched);
    const value: EntryTotals = {
      method: 'bpf',
      exact: caveat === undefined,
      ...(caveat !== undefined && { caveat }),
      armedForMs: (read.read_at_ns - armedAtNs) / 1e6,
      counts: decodeCounts(counts),
      threads: laid.threads,
      unattributed: read.unattributed + laid.unattributed,
      passedOver: passedOver(read),
      ...(countsStarts && { started: read.started }),
      ...(countsStarts && (plan.flags & tree) !== 0 && { startedProcesses: read.processes }),
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

function caveatOf({ missed }: StructOf<'vt_entries_totals'>, watched: WatchedProcesses): string | undefined {
  const ofMissed = `the kernel passed over the counting programs ${missed} times on this host, so up to as many entries are missing`;
  const caveats = [...(missed > 0 ? [ofMissed] : []), ...watched.caveats()];
  return caveats.length === 0 ? undefined : caveats.join('; ');
}
