import { closeSync, openSync, readSync } from 'node:fs';

/** Of e_ident, elf(5): the magic number, and EI_CLASS behind it. */
const magic = Buffer.from('\u007fELF', 'latin1');
const bitsByClass = [undefined, 32, 64] as const;

/**
 * Word size of the program that a process runs, by its executable; undefined where that cannot be seen. Asked of every
 * process of a tree: no more is read than says it.
 */
export function bitsOf(pid: number): 32 | 64 | undefined {
  const header = Buffer.alloc(magic.length + 1);
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
  return header.subarray(0, magic.length).equals(magic) ? bitsByClass[header[magic.length] ?? 0] : undefined;
}
