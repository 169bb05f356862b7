import { closeSync, openSync, readSync } from 'node:fs';

/** /proc/PID/maps, as proc_pid_maps(5) has it: addresses, permissions, offset, device, inode, name. */
export interface MapsLine {
  readonly start: string;
  readonly end: string;
  readonly permissions: string;
  /** Of the mapped file: where in it the mapping begins (hexadecimal), its device ('fe:01') and inode ('0' for no file). */
  readonly offset: string;
  readonly device: string;
  readonly inode: string;
  /** '' for anonymous memory; a path for a file, which is the target's and not cleaned. */
  readonly name: string;
}

const chunkBytes = 64 * 1024;

/** Hands over every line, in chunks: a process may have a hundred thousand. Throws as node:fs. */
export function scanMaps(path: string, onLine: (line: MapsLine) => void): void {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let rest = '';
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      const lines = (rest + buffer.toString('latin1', 0, count)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        const line = parseMapsLine(text);
        if (line !== undefined) onLine(line);
      }
    }
  } finally {
    closeSync(fd);
  }
}

/** A name may hold any character but the line feed, which seq_path escapes: a carriage return too. */
const format = /^([0-9a-f]+)-([0-9a-f]+) ([-rwxsp]{4}) ([0-9a-f]+) (\S+) (\d+) *(.*)$/s;

function parseMapsLine(text: string): MapsLine | undefined {
  const fields = format.exec(text);
  if (fields === null) return undefined;
  const [, start = '', end = '', permissions = '', offset = '', device = '', inode = '', name = ''] = fields;
  return { start, end, permissions, offset, device, inode, name };
}
