import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { processFailure } from '../process/process-failure.ts';
import { available, unavailable } from '../reading.ts';

/**
 * Bytes of a process's memory, all that were asked for. Needs the permission to attach (ptrace(2)). Opened for each read: an open /proc/PID/mem
 * stays with the memory of before an exec.
 */
export function readTargetMemory(directory: string, address: number, length: number): Reading<Uint8Array> {
  const path = `${directory}/mem`;
  try {
    const fd = openSync(path, constants.O_RDONLY);
    try {
      const bytes = new Uint8Array(length);
      const count = readSync(fd, bytes, 0, length, address);
      if (count === length) return available(bytes, path);
      return unavailable('failed', `${path}: ${count} of ${length} bytes at ${address.toString(16)}`);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return processFailure(path, error);
  }
}
