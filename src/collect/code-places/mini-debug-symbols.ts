import type { ByteSource } from '../../elf/byte-source.ts';
import { type DebugSymbols, readDebugSymbols } from '../../elf/debug-symbols.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import { readSectionBytes } from '../../elf/section-bytes.ts';
import { errorText } from '../reading.ts';
import { unpackXz } from './unpack-xz.ts';

const sectionName = '.gnu_debugdata';
/** Fedora's largest have some two megabytes, and unpack to eight. */
const maxPackedBytes = 4 * 1024 * 1024;
const maxUnpackedBytes = 16 * 1024 * 1024;

/**
 * Names of local functions that Fedora and its kin leave in a stripped file ("MiniDebugInfo" of GDB's manual): an ELF file of
 * its .symtab, packed by xz, in a section. undefined where there is none. Never rejects.
 */
export function readMiniDebugSymbols(file: ElfFile): Promise<DebugSymbols> | undefined {
  const packed = readSectionBytes(file, sectionName, maxPackedBytes);
  return packed && unpack(packed, file);
}

async function unpack(packed: Uint8Array, file: ElfFile): Promise<DebugSymbols> {
  try {
    const bytes = await unpackXz(packed, maxUnpackedBytes);
    // It came inside the file: nothing else has to vouch for it.
    return readDebugSymbols(sourceOf(bytes), file, () => undefined);
  } catch (error) {
    return { refused: `cannot be unpacked: ${errorText(error)}` };
  }
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => (offset >= 0 && length > 0 ? bytes.subarray(offset, offset + length) : new Uint8Array()),
  };
}
