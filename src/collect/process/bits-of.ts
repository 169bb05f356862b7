import { closeSync, openSync, readSync } from 'node:fs';
import { bitsOfHeader } from './bits-of-header.ts';

/** Up to e_machine of elf(5). */
const headerBytes = 20;

/**
 * Word size of the program that a process runs, by its executable; undefined where that cannot be seen. Asked of every
 * process of a tree: no more is read than says it.
 */
export function bitsOf(pid: number): 32 | 64 | 'x32' | undefined {
  const header = Buffer.alloc(headerBytes);
  try {
    const fd = openSync(`/proc/${pid}/exe`, 'r');
    try {
      readSync(fd, header, 0, header.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  return bitsOfHeader(header);
}
