/**
 * Reads numbers from bytes that may lie. Past the end every read gives 0 and `failed` stays true: a parser asks once,
 * where it is about to believe what it read.
 */
export interface ByteCursor {
  readonly length: number;
  position: number;
  readonly failed: boolean;
  u8(): number;
  u16(): number;
  u32(): number;
  /** Eight bytes; fails beyond 2^53, where no file has an offset and no process an address. */
  u64(): number;
  /** Two's complement of 1, 2, 4 or 8 bytes. */
  signed(bytes: 1 | 2 | 4 | 8): number;
  /** An address, offset or size of a file of this word size. */
  word(bits: 32 | 64): number;
  /** LEB128 of the DWARF standard; fails beyond 2^53. */
  uleb(): number;
  sleb(): number;
  /** The next `length` bytes, which stay those of the source. */
  take(length: number): Uint8Array;
}

export function createCursor(bytes: Uint8Array, little = true): ByteCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  let failed = false;

  /** Where the next `size` bytes are, or undefined where there are not so many. */
  const advance = (size: number): number | undefined => {
    if (failed || position < 0 || size < 0 || position + size > bytes.length) {
      failed = true;
      return undefined;
    }
    const at = position;
    position += size;
    return at;
  };
  const safe = (value: number): number => {
    if (Number.isSafeInteger(value)) return value;
    failed = true;
    return 0;
  };
  const reader = (size: number, read: (at: number) => number) => () => {
    const at = advance(size);
    return at === undefined ? 0 : safe(read(at));
  };
  const readSigned = {
    1: reader(1, (at) => view.getInt8(at)),
    2: reader(2, (at) => view.getInt16(at, little)),
    4: reader(4, (at) => view.getInt32(at, little)),
    8: reader(8, (at) => Number(view.getBigInt64(at, little))),
  };
  const u8 = reader(1, (at) => view.getUint8(at));
  const u32 = reader(4, (at) => view.getUint32(at, little));
  const u64 = reader(8, (at) => Number(view.getBigUint64(at, little)));

  const leb = (signedValue: boolean): number => {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < maxLebBytes; count += 1) {
      const byte = u8();
      if (failed) return 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte >= 0x80) continue;
      return safe(signedValue && (byte & 0x40) !== 0 ? value - scale : value);
    }
    failed = true;
    return 0;
  };

  return {
    length: bytes.length,
    get position() {
      return position;
    },
    set position(at) {
      position = at;
    },
    get failed() {
      return failed;
    },
    u8,
    u16: reader(2, (at) => view.getUint16(at, little)),
    u32,
    u64,
    signed: (size) => readSigned[size](),
    word: (bits) => (bits === 64 ? u64() : u32()),
    uleb: () => leb(false),
    sleb: () => leb(true),
    take: (length) => {
      const at = advance(length);
      return at === undefined ? bytes.subarray(0, 0) : bytes.subarray(at, at + length);
    },
  };
}

/** Seven bits each: what 2^53 takes, and the sign. A padded number may be longer; none of ours is. */
const maxLebBytes = 10;
