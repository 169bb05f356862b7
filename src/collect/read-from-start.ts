import { readSync } from 'node:fs';

/** Reading is synchronous, so one buffer serves all: what is returned is good until the next reading. */
const buffer = Buffer.allocUnsafe(4_096);

/** A short file of /proc that stays open, as it is now: 4 KiB of it at most. Throws as node:fs. */
export function readFromStart(fd: number): Buffer {
  return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0));
}
