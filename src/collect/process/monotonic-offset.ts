import { readFileSync } from 'node:fs';

/** time_namespaces(7): one line for each clock, its seconds and nanoseconds. */
const file = '/proc/self/timens_offsets';
const monotonicLine = /^monotonic\s+(-?\d+)\s+(\d+)/m;

let offset: bigint | undefined;

/**
 * By how much CLOCK_MONOTONIC of vdsotop's own time namespace is ahead of the host's, by which perf tells the time of a
 * sample (kernel/events/core.c, perf_event_set_clock: ktime_get_mono_fast_ns). A process cannot change it for itself.
 */
export function monotonicOffsetNs(): bigint {
  offset ??= readOffset();
  return offset;
}

/** A kernel without time namespaces has no such file, and no offset. */
function readOffset(): bigint {
  try {
    const [, seconds = '0', nanoseconds = '0'] = monotonicLine.exec(readFileSync(file, 'latin1')) ?? [];
    return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  } catch {
    return 0n;
  }
}
