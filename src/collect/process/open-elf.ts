import { closeSync } from 'node:fs';
import { type ElfFile, readElfFile } from '../../elf/elf-file.ts';
import { createFileSource } from '../code-places/file-source.ts';
import { openRegularFile } from '../open-regular-file.ts';

/** Hands an ELF file over for as long as `use` runs; undefined for what is none. Throws as node:fs. */
export function withElfFile<T>(path: string, use: (file: ElfFile) => T): T | undefined {
  const fd = openRegularFile(path, 'follow');
  if (fd === undefined) return undefined;
  try {
    const file = readElfFile(createFileSource(fd));
    return file === undefined ? undefined : use(file);
  } finally {
    closeSync(fd);
  }
}
