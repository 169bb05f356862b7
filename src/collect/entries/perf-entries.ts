import type { EntryCount, EntryTotals } from '../../model/entries.ts';
import type { Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import type { NativeLibrary } from '../../native/load-native-library.ts';
import { encodeStructs } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { listDescendants } from '../process/list-descendants.ts';
import { listThreads } from '../process/list-threads.ts';
import { available, isDenied, unavailable } from '../reading.ts';
import type { CountWhat, EntriesTarget, KernelEntries } from './entry-counter.ts';
import { deniedCall } from './entry-privileges.ts';
import { listPerfCounters, type PerfCounter } from './perf-counters.ts';
import { tryPerfCounting } from './try-perf-counting.ts';

/** VT_INHERIT_* of native/entries.h. */
const inheritThreads = 1;
const inheritAll = 2;

/** Descriptors for everything else that vdsotop opens. */
const ownDescriptors = 256;
/** Threads may come and go while counters are opened: so often it is begun anew to catch a moment when none does. */
const openingAttempts = 4;

interface Opened {
  readonly fds: Int32Array;
  readonly threads: number;
  readonly caveats: readonly string[];
}

/**
 * Counts by perf counters on every thread of the target, where BPF is not permitted. New threads inherit the counters of
 * the thread that started them, so entries are not laid to threads. Dearer for the target than BPF, and just as exact.
 */
export function openPerfEntries(
  target: EntriesTarget,
  { children, sees32Bit }: CountWhat,
): KernelEntries | Unavailable {
  const counters = listPerfCounters(sees32Bit);
  if ('unavailable' in counters) return counters;
  const native = nativeLibrary();
  const opened = openCalmly(native, target.pid, children, counters.value);
  if ('unavailable' in opened) return opened;
  const { fds, threads } = opened;
  const enabled = native.vt_perf_entries_enable(fds, threads, counters.value.length);
  const obstacle =
    enabled === 0
      ? tryPerfCounting(counters.value)
      : unavailable('failed', `enabling perf counters answered ${errnoName(enabled)}`);
  if (obstacle === undefined) return createCounter(native, opened, counters.value, sees32Bit);
  native.vt_perf_entries_close(fds, fds.length);
  return obstacle;
}

/** Repeats until no thread came while the counters were opened: such a one may have been started by one not yet open. */
function openCalmly(native: NativeLibrary, pid: number, children: boolean, counters: readonly PerfCounter[]) {
  let missed = 0;
  for (let attempt = 1; ; attempt += 1) {
    const tids = threadsOf(pid, children);
    if (tids.length === 0) return unavailable('absent', `process ${pid} has ended`);
    const room = makeRoom(native, tids.length * counters.length, pid);
    if (room !== undefined) return room;
    const opened = openGroups(native, pid, tids, counters, children ? inheritAll : inheritThreads);
    if ('unavailable' in opened) return opened;
    const known = new Set(tids);
    missed = threadsOf(pid, children).filter((tid) => !known.has(tid)).length;
    if (missed === 0) return opened;
    if (attempt === openingAttempts) return { ...opened, caveats: [...opened.caveats, cameMeanwhile(missed)] };
    native.vt_perf_entries_close(opened.fds, opened.fds.length);
  }
}

function cameMeanwhile(threads: number): string {
  return `${threads} threads came while the counters were opened; entries of theirs may be missing`;
}

function threadsOf(pid: number, children: boolean): readonly number[] {
  return [pid, ...(children ? listDescendants(pid) : [])].flatMap(listThreads);
}

/** A counter is an open file. */
function makeRoom(native: NativeLibrary, counters: number, pid: number): Unavailable | undefined {
  const wanted = counters + ownDescriptors;
  if (native.vt_raise_open_files(wanted) === 0) return undefined;
  return unavailable(
    'failed',
    `${counters} perf counters, one for each thread and clock, need more open files than the hard limit allows`,
    `sudo prlimit --nofile=${wanted} vdsotop -p ${pid}`,
  );
}

function openGroups(
  native: NativeLibrary,
  pid: number,
  tids: readonly number[],
  counters: readonly PerfCounter[],
  inherit: number,
): Opened | Unavailable {
  const plan = encodeStructs(
    'vt_perf_counter',
    counters.map(({ counter }) => counter),
  );
  const fds = new Int32Array(tids.length * counters.length).fill(-1);
  let threads = 0;
  for (const tid of tids) {
    const group = fds.subarray(threads * counters.length, (threads + 1) * counters.length);
    const result = native.vt_perf_entries_open(plan, counters.length, tid, inherit, group);
    if (result === 0) threads += 1;
    else if (errnoName(result) !== 'ESRCH') {
      native.vt_perf_entries_close(fds, threads * counters.length);
      return inherit === inheritThreads && errnoName(result) === 'EINVAL'
        ? withForks(openGroups(native, pid, tids, counters, inheritAll))
        : openFailure(result, pid);
    }
  }
  // Without a counter there would be nothing to read, and that would be a 0.
  if (threads === 0) return unavailable('absent', `the threads of process ${pid} ended while counters were opened`);
  return { fds: fds.subarray(0, threads * counters.length), threads, caveats: [] };
}

/** inherit_thread came with Linux 5.13. */
function withForks(opened: Opened | Unavailable): Opened | Unavailable {
  if ('unavailable' in opened) return opened;
  return { ...opened, caveats: ['entries of child processes started meanwhile are counted too (Linux before 5.13)'] };
}

function openFailure(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (isDenied(code)) return deniedCall('perf_event_open', code, ['PERFMON'], pid);
  return unavailable(code === 'ENOSYS' ? 'unsupported' : 'failed', `perf_event_open answered ${code}`);
}

function createCounter(
  native: NativeLibrary,
  opened: Opened,
  counters: readonly PerfCounter[],
  sees32Bit: boolean,
): KernelEntries {
  const { fds, threads, caveats } = opened;
  const armedAtMs = performance.now();
  const totals = new BigUint64Array(counters.length);
  let closed = false;
  let silent: Unavailable | undefined;
  return {
    read() {
      if (closed) return unavailable('failed', 'the counter was closed');
      // Once it was told nothing, nobody knows what it missed.
      silent ??= tryPerfCounting(counters);
      if (silent !== undefined) return silent;
      const armedForMs = performance.now() - armedAtMs;
      const result = native.vt_perf_entries_read(fds, threads, counters.length, totals);
      if (result < 0) return unavailable('failed', `reading perf counters answered ${errnoName(result)}`);
      const counts = countsOf(counters, totals);
      const value: EntryTotals = {
        method: 'perf',
        exact: caveats.length === 0,
        ...(caveats.length > 0 && { caveat: caveats.join('; ') }),
        armedForMs,
        counts,
        threads: [],
        unattributed: counts.reduce((sum, { count }) => sum + count, 0),
        sees32Bit,
      };
      return available(value, 'perf counters on tracepoints');
    },
    /** Every process that is there when the counters are opened is in, and later ones inherit them. */
    watch() {},
    close() {
      if (closed) return;
      closed = true;
      void native.async.vt_perf_entries_close(fds, fds.length).catch(() => undefined);
    },
  };
}

function countsOf(counters: readonly PerfCounter[], totals: BigUint64Array): EntryTotals['counts'] {
  const counts = new Map<string, EntryCount>();
  counters.forEach(({ fn, slot, takesBack }, at) => {
    const key = `${fn} ${slot}`;
    const count = Number(totals[at] ?? 0n) * (takesBack ? -1 : 1);
    counts.set(key, { fn, slot, count: (counts.get(key)?.count ?? 0) + count });
  });
  return [...counts.values()].filter(({ count }) => count > 0);
}
