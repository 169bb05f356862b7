import { closeSync, constants, openSync, statSync } from 'node:fs';
import { type ElfFile, readElfFile } from '../../elf/elf-file.ts';
import { createFileSource } from '../code-places/file-source.ts';

/**
 * Hands an ELF file over for as long as `use` runs; undefined for what is none, devices and pipes among them: opening those
 * does something. Throws as node:fs.
 */
export function withElfFile<T>(path: string, use: (file: ElfFile) => T): T | undefined {
  if (!statSync(path).isFile()) return undefined;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const file = readElfFile(createFileSource(fd));
    return file === undefined ? undefined : use(file);
  } finally {
    closeSync(fd);
  }
}
