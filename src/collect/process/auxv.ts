import type { Reading } from '../../model/reading.ts';
import { readBytes } from '../read-file.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/** The auxiliary vector the kernel gave a program at exec: entries by type (include/uapi/linux/auxvec.h). */
export interface AuxiliaryVector {
  readonly bits: 32 | 64;
  readonly entries: ReadonlyMap<number, bigint>;
}

export const pageSizeType = 6;
export const clockTicksType = 17;
export const sysinfoEhdrType = 33;
/** Types go to 51 in Linux 6.18; a larger one means that the width was taken wrongly. */
const typeBound = 4_096n;

export function readAuxv(directory: string): Reading<AuxiliaryVector> {
  const path = `${directory}/auxv`;
  try {
    const bytes = readBytes(path);
    if (bytes.length === 0) return unavailable('absent', `${path} is empty: no user space there`);
    const vector = parseAuxv(bytes);
    return vector === undefined
      ? unavailable('failed', `${path} is not an auxiliary vector of this byte order`)
      : available(vector, path);
  } catch (error) {
    return processFailure(path, error);
  }
}

/** Pairs of words of the program's own width, which the file does not tell: only the right one makes sense. */
export function parseAuxv(bytes: Buffer): AuxiliaryVector | undefined {
  for (const bits of [64, 32] as const) {
    const entries = parsePairs(bytes, bits);
    if (entries?.has(pageSizeType)) return { bits, entries };
  }
  return undefined;
}

function parsePairs(bytes: Buffer, bits: 32 | 64): ReadonlyMap<number, bigint> | undefined {
  const width = bits / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) =>
    bits === 64 ? view.getBigUint64(at, littleEndian) : BigInt(view.getUint32(at, littleEndian));
  const entries = new Map<number, bigint>();
  for (let at = 0; at + 2 * width <= bytes.length; at += 2 * width) {
    const type = word(at);
    if (type === 0n) break;
    if (type > typeBound) return undefined;
    entries.set(Number(type), word(at + width));
  }
  return entries;
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
