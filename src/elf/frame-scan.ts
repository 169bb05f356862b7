import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';
import { readPointer } from './encoded-pointer.ts';
import { offsetOfAddress } from './file-address.ts';
import { type EntryReader, maxEntryBytes } from './frame-entry.ts';
import { createPackedIndex, type SortedIndex } from './packed-index.ts';

export interface ScannedFrames {
  /** Address of the entry with the nearest start at or below an address of code. */
  entryBelow(address: number): number | undefined;
}

/** A static program of 100 MB has some 200,000 entries in 10 MB. */
const maxScanBytes = 32 * 1024 * 1024;
const maxEntries = 2 ** 19;
/** At least as much as the longest entry. */
const chunkBytes = 4 * maxEntryBytes;

/**
 * All entries of an .eh_frame that has no search table (static programs of gcc are linked without one), read once from
 * its start; its last chunk may be cut off by the bound, and what comes after is not found.
 */
export function scanFrames(
  file: ElfFile,
  reader: EntryReader,
  frames: { readonly address: number; readonly sizeBytes: number },
  headerAddress: number | undefined,
): ScannedFrames {
  const entryOffsets: number[] = [];
  const starts = createPackedIndex(maxEntries);
  let visited = 0;
  const end = Math.min(frames.sizeBytes, maxScanBytes);
  for (let at = 0; at < end && visited < maxEntries; ) {
    const offset = offsetOfAddress(file, frames.address + at);
    const bytes = offset === undefined ? undefined : file.source.read(offset, Math.min(chunkBytes, end - at)).slice();
    const read = bytes === undefined ? 0 : scanChunk(bytes, at);
    if (read === 0) break;
    at += read;
  }
  const index: SortedIndex = starts.sort();
  return {
    entryBelow(address) {
      const position = index.lastAtOrBelow(address);
      const entry = position < 0 ? undefined : entryOffsets[index.numberAt(position)];
      return entry === undefined ? undefined : frames.address + entry;
    },
  };

  /** Bytes of the whole entries in a chunk; 0 where it begins with the end mark, or with what is none. */
  function scanChunk(bytes: Uint8Array, chunkAt: number): number {
    const cursor = createCursor(bytes, file.little);
    const bases = { bits: file.bits, bytesAddress: frames.address + chunkAt, data: headerAddress };
    for (; ; visited += 1) {
      const at = cursor.position;
      const [length, distance] = [cursor.u32(), cursor.u32()];
      if (cursor.failed || length < 4 || length > maxEntryBytes || at + 4 + length > bytes.length) return at;
      if (visited >= maxEntries) return at;
      const common = distance === 0 ? undefined : reader.commonAt(bases.bytesAddress + at + 4 - distance);
      const start = common && readPointer(cursor, common.pointerEncoding, bases);
      if (start !== undefined) {
        starts.add(start, entryOffsets.length);
        entryOffsets.push(chunkAt + at);
      }
      cursor.position = at + 4 + length;
    }
  }
}
