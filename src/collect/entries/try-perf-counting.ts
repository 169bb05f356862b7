import type { Unavailable } from '../../model/reading.ts';
import { encodeStructs } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import type { PerfCounter } from './perf-counters.ts';
import { judgeTrialCalls } from './trial-calls.ts';

const thisThread = 0;
/** VT_INHERIT_ALL of native/entries.h: what every kernel knows. */
const inheritAll = 2;

/**
 * Whether perf counters are told of system calls at all, tried on calls of our own: a BPF program of somebody else that
 * answers 0 withholds its tracepoint from every perf event of the host (kernel/trace/trace_syscalls.c), from when it is
 * attached. Some tens of microseconds.
 */
export function tryPerfCounting(counters: readonly PerfCounter[]): Unavailable | undefined {
  const tried = counters.find(({ fn, takesBack }) => fn === 'clock_gettime' && !takesBack);
  if (tried === undefined) return undefined;
  const native = nativeLibrary();
  const fds = new Int32Array([-1]);
  const plan = encodeStructs('vt_perf_counter', [{ ...tried.counter, filter: '' }]);
  if (native.vt_perf_entries_open(plan, 1, thisThread, inheritAll, fds) < 0) return undefined;
  const counts = new BigUint64Array(1);
  native.vt_perf_entries_enable(fds, 1, 1);
  const silent = judgeTrialCalls('perf counters on tracepoints', () =>
    native.vt_perf_entries_read(fds, 1, 1, counts) < 0 ? undefined : Number(counts[0]),
  );
  native.vt_perf_entries_close(fds, 1);
  return silent;
}
