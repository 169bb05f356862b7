/** Numbers that files lie with: none, one, the ends of each width, what is just beyond memory. */
const lies = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fff0n,
  0xffff_ffffn,
  0x1_0000_0000n,
  2n ** 53n - 1n,
  2n ** 53n,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_fff8n,
  0xffff_ffff_ffff_ffffn,
];

/** Bytes of a file where a lie matters: its header and tables. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

type Change = (bytes: Buffer, at: number, below: (limit: number) => number) => Buffer;

const oneByte: Change = (bytes, at, below) => {
  bytes[at] = below(256);
  return bytes;
};

const oneBit: Change = (bytes, at, below) => {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  return bytes;
};

/** As a number of 2, 4 or 8 bytes, where such a number would stand. */
const lie: Change = (bytes, at, below) => {
  const width = 2 << below(3);
  const value = lies[below(lies.length)] ?? 0n;
  const start = at - (at % width);
  for (let index = 0; index < width; index += 1)
    if (start + index < bytes.length) bytes[start + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  return bytes;
};

const copied: Change = (bytes, at, below) => {
  const from = below(bytes.length);
  bytes.copyWithin(at, from, from + 1 + below(64));
  return bytes;
};

const filled: Change = (bytes, at, below) =>
  bytes.fill(below(2) === 0 ? 0 : 0xff, at, Math.min(bytes.length, at + 1 + below(64)));

const takenOut: Change = (bytes, at, below) =>
  Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(64))]);

const twice: Change = (bytes, at, below) => {
  const end = at + 1 + below(64);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
};

const cutOff: Change = (bytes, at) => bytes.subarray(0, at);

const inPlace: readonly Change[] = [oneByte, oneBit, lie, lie, lie, copied, filled];
const moving: readonly Change[] = [...inPlace, oneByte, lie, takenOut, twice, cutOff];

/**
 * Some bytes with one to four changes. `below` gives the random numbers; `where` are the stretches to change, the whole where
 * it is left out; `lengthStays` leaves everything behind a change in its place, as tables need that are found by offset.
 */
export function mutate(
  original: Uint8Array,
  below: (limit: number) => number,
  { where, lengthStays = false }: { readonly where?: readonly Stretch[]; readonly lengthStays?: boolean } = {},
): Buffer {
  let bytes: Buffer = Buffer.from(original);
  const changes = lengthStays ? inPlace : moving;
  for (let left = 1 + below(4); left > 0 && bytes.length > 0; left -= 1) {
    const { offset, length } = where?.[below(where.length)] ?? { offset: 0, length: bytes.length };
    const at = Math.min(offset + below(Math.max(1, length)), bytes.length - 1);
    const change = changes[below(changes.length)] ?? oneByte;
    bytes = change(bytes, at, below);
  }
  return bytes;
}
