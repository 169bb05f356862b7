/** Reads the numbers of one ELF file or memory image. Callers check that the bytes are there. */
export interface ElfWords {
  readonly bits: 32 | 64;
  /** Size of an address in bytes. */
  readonly width: 4 | 8;
  half(bytes: Uint8Array, at: number): number;
  word(bytes: Uint8Array, at: number): number;
  /** An address or size; inexact above 2^53, where no user space and no file lies. */
  wide(bytes: Uint8Array, at: number): number;
}

export function elfWords(bits: 32 | 64, little: boolean): ElfWords {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (bytes: Uint8Array, at: number) => view(bytes).getUint32(at, little);
  return {
    bits,
    width: bits === 64 ? 8 : 4,
    half: (bytes, at) => view(bytes).getUint16(at, little),
    word,
    wide: (bytes, at) => (bits === 64 ? Number(view(bytes).getBigUint64(at, little)) : word(bytes, at)),
  };
}
