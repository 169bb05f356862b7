import { readSync } from 'node:fs';
import type { JitEntries } from './jit-entries.ts';
import { parseJitMapLine } from './jit-map-line.ts';

export interface JitMapReader {
  /** Adds the lines that were written since the last time; all of them again where the file was written anew. */
  readMore(fd: number, size: number): void;
  /** Forgets what was read. */
  beginAnew(): void;
}

const chunkBytes = 256 * 1024;
const maxFileBytes = 64 * 1024 * 1024;
const maxLineBytes = 1_024;
/** As many of the last bytes are compared: where they are others by now, the file was not added to but written anew. */
const tailBytes = 64;

export function createJitMapReader(entries: JitEntries): JitMapReader {
  let readUpTo = 0;
  let tail: Buffer = Buffer.alloc(0);
  /** Where reading begins or went on within a line: its rest is no line of its own. */
  let midLine = false;

  const beginAnew = (): void => {
    entries.clear();
    readUpTo = 0;
    tail = Buffer.alloc(0);
    midLine = false;
  };
  const take = (chunk: Buffer): number => {
    const whole = chunk.lastIndexOf(0x0a) + 1;
    const begin = midLine ? chunk.subarray(0, whole).indexOf(0x0a) + 1 : 0;
    parseLines(chunk.subarray(begin, whole), readUpTo + begin, entries);
    // A line without end as long as that is passed over.
    if (whole === 0 && chunk.length < chunkBytes) return 0;
    midLine = whole === 0;
    return whole === 0 ? chunk.length : whole;
  };
  return {
    beginAnew,
    readMore(fd, size) {
      if (size < readUpTo || !tail.equals(readAt(fd, readUpTo - tail.length, tail.length))) beginAnew();
      if (readUpTo === 0 && size > maxFileBytes) {
        readUpTo = size - maxFileBytes;
        midLine = true;
      }
      while (readUpTo < size) {
        const taken = take(readAt(fd, readUpTo, Math.min(chunkBytes, size - readUpTo)));
        if (taken === 0) break;
        readUpTo += taken;
      }
      tail = readAt(fd, Math.max(0, readUpTo - tailBytes), Math.min(tailBytes, readUpTo));
    },
  };
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
}

function parseLines(bytes: Buffer, fileOffset: number, entries: JitEntries): void {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return;
    const { start, sizeBytes } = parseJitMapLine(bytes.subarray(at, Math.min(end, at + maxLineBytes))) ?? {};
    if (start !== undefined && sizeBytes !== undefined) entries.add({ start, sizeBytes, lineOffset: fileOffset + at });
    at = end + 1;
  }
}
