import { closeSync, openSync, readSync } from 'node:fs';
import type { Mapping } from '../../model/mappings.ts';
import type { Reading } from '../../model/reading.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

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
const clockNames: ReadonlySet<string> = new Set(['[vdso]', '[vvar]', '[vvar_vclock]', '[vsyscall]']);

/**
 * The mappings that concern clock reads. Takes the target's mmap lock while it reads, so it is for attach, exec and
 * demand, not for every tick. `directory` is /proc/PID, /proc/self or /proc/PID/task/TID.
 */
export function readMappings(directory: string): Reading<readonly Mapping[]> {
  const path = `${directory}/maps`;
  try {
    const mappings: Mapping[] = [];
    let lines = 0;
    scanMaps(path, (line) => {
      lines += 1;
      if (isClockName(line.name)) mappings.push(toMapping(line, line.name));
    });
    // A kernel thread and a zombie have an empty file: that is not a process without a vDSO.
    return lines === 0 ? unavailable('absent', `${path} is empty: no user space there`) : available(mappings, path);
  } catch (error) {
    return processFailure(path, error);
  }
}

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

function isClockName(name: string): name is Mapping['name'] {
  return clockNames.has(name);
}

function toMapping({ start, end, permissions }: MapsLine, name: Mapping['name']): Mapping {
  return { name, start, end, permissions, sizeBytes: Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)) };
}
