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
 * answers 0 withholds its tracepoint from every perf event of the host (kernel/trace/trace_syscalls.c).
 */
export function tryPerfCounting(counters: readonly PerfCounter[]): Unavailable | undefined {
  const native = nativeLibrary();
  const tried = counters.filter(({ fn, takesBack }) => fn === 'clock_gettime' && !takesBack);
  const fds = new Int32Array(tried.length).fill(-1);
  const plan = encodeStructs(
    'vt_perf_counter',
    tried.map(({ counter }) => counter),
  );
  if (native.vt_perf_entries_open(plan, tried.length, thisThread, inheritAll, fds) < 0) return undefined;
  const counts = new BigUint64Array(tried.length);
  native.vt_perf_entries_enable(fds, 1, tried.length);
  const silent = judgeTrialCalls('perf counters on tracepoints', () =>
    native.vt_perf_entries_read(fds, 1, tried.length, counts) < 0
      ? undefined
      : Number(counts.reduce((total, count) => total + count, 0n)),
  );
  native.vt_perf_entries_close(fds, fds.length);
  return silent;
}
