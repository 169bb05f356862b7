import { release } from 'node:os';
import type { Known } from '../../model/reading.ts';
import type { StructOf } from '../../native/structs.ts';
import { unavailable } from '../reading.ts';

/**
 * How often the kernel passed over the counting programs on this host, as it does while another one is at work on that
 * CPU. trace_call_bpf counts that since Linux 6.7 (kernel/trace/bpf_trace.c; bpf_prog_info has had the field since 5.12,
 * for other kinds of programs): before, a 0 says nothing.
 */
export function passedOver(
  { missed, missed_untold }: Pick<StructOf<'vt_entries_totals'>, 'missed' | 'missed_untold'>,
  kernelRelease: string = release(),
): Known<number> {
  if (missed > 0) return missed;
  if (missed_untold > 0)
    return unavailable(
      'failed',
      `the kernel does not answer how often it passed over ${missed_untold} of its programs`,
    );
  if (tellsOfTracepoints(kernelRelease)) return 0;
  const detail =
    'before Linux 6.7 the kernel does not count how often it passes over a program on a tracepoint, as it may while another is at work on that CPU';
  return unavailable('unsupported', detail);
}

function tellsOfTracepoints(kernelRelease: string): boolean {
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)/.exec(kernelRelease) ?? []).map(Number);
  return major > 6 || (major === 6 && minor >= 7);
}
