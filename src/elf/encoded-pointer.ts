import type { ByteCursor } from './byte-cursor.ts';

/** What a DW_EH_PE_* pointer of .eh_frame may be relative to (Linux Standard Base, Exception Frames). */
export interface PointerBases {
  readonly bits: 32 | 64;
  /** Address of the cursor's first byte. */
  readonly bytesAddress: number;
  /** Address of .eh_frame_hdr, for those relative to data. */
  readonly data: number | undefined;
}

export const omittedPointer = 0xff;

const formats: Readonly<Record<number, (cursor: ByteCursor, bits: 32 | 64) => number>> = {
  0: (cursor, bits) => cursor.word(bits),
  1: (cursor) => cursor.uleb(),
  2: (cursor) => cursor.u16(),
  3: (cursor) => cursor.u32(),
  4: (cursor) => cursor.u64(),
  9: (cursor) => cursor.sleb(),
  10: (cursor) => cursor.signed(2),
  11: (cursor) => cursor.signed(4),
  12: (cursor) => cursor.signed(8),
};

/** The address a pointer names; undefined where its encoding does not occur or its base is unknown. */
export function readPointer(cursor: ByteCursor, encoding: number, bases: PointerBases): number | undefined {
  const base = baseOf(encoding & 0xf0, bases.bytesAddress + cursor.position, bases.data);
  const value = readFormat(cursor, encoding, bases.bits);
  if (base === undefined || value === undefined || cursor.failed) return undefined;
  const address = base + value;
  if (bases.bits === 64) return address >= 0 ? address : undefined;
  return ((address % 2 ** 32) + 2 ** 32) % 2 ** 32;
}

/** The bare number of a pointer: a length, or one that is only stepped over. */
export function readFormat(cursor: ByteCursor, encoding: number, bits: 32 | 64): number | undefined {
  return formats[encoding & 0x0f]?.(cursor, bits);
}

/** Absolute, relative to itself, relative to .eh_frame_hdr. Indirect ones (0x80) stand in memory, not in the file. */
function baseOf(application: number, position: number, data: number | undefined): number | undefined {
  if (application === 0) return 0;
  if (application === 0x10) return position;
  return application === 0x30 ? data : undefined;
}
