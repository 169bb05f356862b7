import { readFileSync } from 'node:fs';
import type { ByteSource } from '../../src/elf/byte-source.ts';
import { type ElfFile, readElfFile } from '../../src/elf/elf-file.ts';

export const libc = '/lib/x86_64-linux-gnu/libc.so.6';

/** A source over bytes that counts what is asked of it. */
export function bytesSource(bytes: Uint8Array): ByteSource & { readonly asked: { bytes: number; reads: number } } {
  const asked = { bytes: 0, reads: 0 };
  return {
    size: bytes.length,
    asked,
    read(offset, length) {
      asked.reads += 1;
      const part = offset >= 0 && length > 0 ? bytes.subarray(offset, offset + length) : bytes.subarray(0, 0);
      asked.bytes += part.length;
      return part;
    },
  };
}

export function readFile(path: string): ElfFile {
  const file = readElfFile(bytesSource(readFileSync(path)));
  if (file === undefined) throw new Error(`${path} is no ELF file`);
  return file;
}
