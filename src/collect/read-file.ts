import { closeSync, openSync, readSync } from 'node:fs';

const defaultLimit = 64 * 1024;
/** Reading is synchronous, so one buffer serves all; what is returned is a copy. */
const scratch = Buffer.allocUnsafe(defaultLimit);

/** At most `limit` (64 KiB) bytes of a file of /proc or /sys, where every size is said to be 0. Throws as node:fs. */
export function readBytes(path: string, limit = defaultLimit): Buffer {
  const buffer = limit <= scratch.length ? scratch : Buffer.allocUnsafe(limit);
  const fd = openSync(path, 'r');
  try {
    return Buffer.from(buffer.subarray(0, fill(fd, buffer, limit)));
  } finally {
    closeSync(fd);
  }
}

/** The same as text, byte for character: for formats that are ASCII but for names, which are cleaned elsewhere. */
export function readText(path: string, limit = defaultLimit): string {
  return readBytes(path, limit).toString('latin1');
}

function fill(fd: number, buffer: Buffer, limit: number): number {
  let length = 0;
  while (length < limit) {
    const count = readSync(fd, buffer, length, limit - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}
