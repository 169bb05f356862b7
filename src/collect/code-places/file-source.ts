import { closeSync, fstatSync, readSync } from 'node:fs';
import type { ByteSource } from '../../elf/byte-source.ts';
import { keepNewest } from '../keep-newest.ts';

export interface FileSource extends ByteSource {
  /** Of the open file, whatever its path names by now. */
  readonly inode: bigint;
  readonly device: bigint;
  close(): void;
}

const blockBytes = 8 * 1024;
const maxBlocks = 16;
/** The longest read is a chunk of a symbol table or of string names; what asks for more is not believed. */
const maxReadBytes = 1024 * 1024;

/** A regular file, read through a few remembered blocks: a binary search comes back to the same ones. Owns the descriptor. */
export function createFileSource(fd: number): FileSource {
  const { size: bytes, ino: inode, dev: device } = fstatSync(fd, { bigint: true });
  const size = Number(bytes);
  const blocks = new Map<number, Buffer>();
  const blockAt = (number: number): Buffer => {
    const known = blocks.get(number);
    if (known !== undefined) {
      blocks.delete(number);
      blocks.set(number, known);
      return known;
    }
    const block = readAt(fd, number * blockBytes, blockBytes);
    blocks.set(number, block);
    keepNewest(blocks, maxBlocks);
    return block;
  };
  return {
    size,
    inode,
    device,
    read(offset, length) {
      if (!(offset >= 0 && offset < size && length > 0)) return new Uint8Array();
      const wanted = Math.min(length, size - offset, maxReadBytes);
      const first = Math.floor(offset / blockBytes);
      const within = offset - first * blockBytes;
      return within + wanted <= blockBytes
        ? blockAt(first).subarray(within, within + wanted)
        : readAt(fd, offset, wanted);
    },
    close() {
      blocks.clear();
      closeSync(fd);
    },
  };
}

/** Fewer bytes at the end, and none where the file shrank or the disk fails: what is missing is then not found. */
function readAt(fd: number, offset: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(length);
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
  } catch {
    return buffer.subarray(0, 0);
  }
}
