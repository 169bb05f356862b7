import { readFileSync, readlinkSync } from 'node:fs';

/** time_namespaces(7): one line for each clock, its seconds and nanoseconds. */
const monotonicLine = /^monotonic\s+(-?\d+)\s+(\d+)/m;

let own: bigint | undefined;

/**
 * By how much CLOCK_MONOTONIC of vdsotop's own time namespace is ahead of the host's, by which perf tells the time of a
 * sample (kernel/events/core.c, perf_event_set_clock: ktime_get_mono_fast_ns). A process cannot change it for itself.
 * `directory`: /proc/PID of another process that is asked about.
 */
export function monotonicOffsetNs(directory?: string): bigint {
  if (directory !== undefined) return readOffset(directory);
  own ??= readOffset('/proc/self');
  return own;
}

/**
 * The file is about the namespace that children are born into, which is another one for whoever unshared it; what holds of
 * its own is then not told. A kernel without time namespaces has no such file, and no offset.
 */
function readOffset(directory: string): bigint {
  try {
    const [time, forChildren] = ['time', 'time_for_children'].map((name) => readlinkSync(`${directory}/ns/${name}`));
    if (time !== forChildren) return 0n;
    const offsets = readFileSync(`${directory}/timens_offsets`, 'latin1');
    const [, seconds = '0', nanoseconds = '0'] = monotonicLine.exec(offsets) ?? [];
    return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  } catch {
    return 0n;
  }
}
