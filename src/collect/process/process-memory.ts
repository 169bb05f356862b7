import { closeSync, openSync, readSync } from 'node:fs';
import type { ReadBytes } from '../../elf/read-bytes.ts';
import type { Unavailable } from '../../model/reading.ts';
import { errorText, isDenied, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/** Hands over the bytes of another process's memory, which is not stopped. Throws as node:fs where it may not be opened. */
export function withProcessMemory<T>(directory: string, use: (read: ReadBytes) => T): T {
  const fd = openSync(`${directory}/mem`, 'r');
  try {
    return use((address, length) => readMemory(fd, address, length));
  } finally {
    closeSync(fd);
  }
}

/** Opening it asks for more than other files of /proc/PID do (ptrace(2), PTRACE_MODE_ATTACH_FSCREDS): Yama may forbid it. */
export function memoryFailure(directory: string, error: unknown): Unavailable {
  const path = `${directory}/mem`;
  if (!isDenied(errorText(error))) return processFailure(path, error);
  const { remedy } = processFailure(path, error);
  return unavailable(
    'denied',
    `reading ${path} needs the permission to attach a debugger (kernel.yama.ptrace_scope), or CAP_SYS_PTRACE: ${errorText(error)}`,
    remedy,
  );
}

const maxReadBytes = 1024 * 1024;

/** Fewer bytes, or none, where the range is not mapped: read(2) then stops, or fails with EIO. */
function readMemory(fd: number, address: number, length: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(Math.min(length, maxReadBytes));
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, address));
  } catch (error) {
    if (errorText(error) === 'EIO') return new Uint8Array();
    throw error;
  }
}
