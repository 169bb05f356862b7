import type { ElfFile } from './elf-file.ts';
import { offsetOfAddress } from './file-address.ts';

/** Bytes by address, of a process's memory or of a file as it would be loaded; fewer than asked where there are none. */
export type ReadBytes = (address: number, length: number) => Uint8Array;

/** A file's bytes by the addresses it gives itself. */
export function fileByAddress(file: ElfFile): ReadBytes {
  return (address, length) => {
    const offset = offsetOfAddress(file, address);
    return offset === undefined ? new Uint8Array() : file.source.read(offset, length);
  };
}
