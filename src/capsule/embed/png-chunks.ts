import { crc32 } from 'node:zlib';
import { damaged } from '../capsule-problem.ts';

/** A chunk of a PNG (https://www.w3.org/TR/png-3/#5Chunk-layout). */
export interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
/** Length, type and checksum around the data. */
const overhead = 12;

export function isPng(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}

/**
 * The chunks up to IEND, one after another. Throws a CapsuleProblem where the file is cut off or a checksum is wrong.
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  if (!isPng(bytes)) throw damaged('it is no PNG');
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = signature.length; ; ) {
    if (at + overhead > file.length) throw damaged('this PNG is cut off');
    const length = file.readUInt32BE(at);
    if (length > file.length - at - overhead) throw damaged('this PNG is cut off');
    const body = file.subarray(at + 4, at + 8 + length);
    const type = body.toString('latin1', 0, 4);
    if (crc32(body) !== file.readUInt32BE(at + 8 + length))
      throw damaged(`${nameOf(type)} has changed since it was written (CRC-32)`);
    yield { type, data: body.subarray(4) };
    if (type === 'IEND') return;
    at += overhead + length;
  }
}

/** A type is four letters (§5.3); a file may have anything in its place, which goes to a terminal. */
function nameOf(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? `its ${type} chunk` : 'a chunk of it';
}

/** A PNG of these chunks, of which the first must be IHDR and the last IEND. */
export function pngOfChunks(chunks: readonly PngChunk[]): Buffer {
  return Buffer.concat([signature, ...chunks.map(encode)]);
}

/** The same PNG with chunks put behind its first, which must be IHDR. */
export function withChunks(png: Uint8Array, chunks: readonly PngChunk[]): Buffer {
  const header = signature.length + overhead + 13;
  return Buffer.concat([png.subarray(0, header), ...chunks.map(encode), png.subarray(header)]);
}

function encode({ type, data }: PngChunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
