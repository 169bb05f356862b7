/** What of an ELF file tells its width and how it gets its libc: elf(5). */
export interface ElfFacts {
  readonly bits: 32 | 64;
  /** ET_DYN: position independent, or a shared object. */
  readonly positionIndependent: boolean;
  readonly interpreter: boolean;
  /** Number of DT_NEEDED. */
  readonly librariesNeeded: number;
  /** DT_SONAME: it is a shared object, such as a loader that was started as a command. */
  readonly sharedObjectName: boolean;
  /** DF_1_PIE. */
  readonly markedPie: boolean;
}

/** Bytes at an offset; fewer than asked at the end of the file. */
type ReadAt = (offset: number, length: number) => Buffer;

const magic = Buffer.from('\x7fELF', 'latin1');
const sharedType = 3;
const [dynamicSegment, interpreterSegment] = [2, 3];
const [neededTag, soNameTag, flags1Tag] = [1n, 14n, 0x6fff_fffbn];
const pieFlag = 0x0800_0000n;
/** A program has a dozen segments and some forty dynamic entries; a hostile one claims more. */
const maxSegments = 256;
const maxDynamicBytes = 64 * 1024;

/** undefined for what is no ELF file. Reads header, segments and the dynamic section, each bounded. */
export function parseElf(read: ReadAt): ElfFacts | undefined {
  const header = read(0, 64);
  if (header.length < 52 || !header.subarray(0, 4).equals(magic)) return undefined;
  const bits = header[4] === 1 ? 32 : header[4] === 2 ? 64 : undefined;
  if (bits === undefined) return undefined;
  const words = wordReader(bits, header[5] === 1);
  const segments = readSegments(read, header, bits, words);
  const tags = readDynamic(read, segments, bits, words);
  return {
    bits,
    positionIndependent: words.half(header, 16) === sharedType,
    interpreter: segments.some(({ type }) => type === interpreterSegment),
    librariesNeeded: tags.filter(([tag]) => tag === neededTag).length,
    sharedObjectName: tags.some(([tag]) => tag === soNameTag),
    markedPie: tags.some(([tag, value]) => tag === flags1Tag && (value & pieFlag) !== 0n),
  };
}

interface WordReader {
  half(bytes: Buffer, at: number): number;
  word(bytes: Buffer, at: number): number;
  /** An address or size: 4 bytes in a 32-bit file, 8 in a 64-bit one. */
  wide(bytes: Buffer, at: number): bigint;
}

function wordReader(bits: 32 | 64, little: boolean): WordReader {
  const word = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  return {
    half: (bytes, at) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)),
    word,
    wide: (bytes, at) => {
      if (bits === 32) return BigInt(word(bytes, at));
      return little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    },
  };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

function readSegments(read: ReadAt, header: Buffer, bits: 32 | 64, words: WordReader): readonly Segment[] {
  const [tableAt, sizeAt, countAt] = bits === 64 ? [32, 54, 56] : [28, 42, 44];
  const [offsetAt, bytesAt] = bits === 64 ? [8, 32] : [4, 16];
  const size = words.half(header, sizeAt);
  if (size !== (bits === 64 ? 56 : 32)) return [];
  const count = Math.min(words.half(header, countAt), maxSegments);
  const table = read(Number(words.wide(header, tableAt)), size * count);
  const segments: Segment[] = [];
  for (let at = 0; at + size <= table.length; at += size) {
    segments.push({
      type: words.word(table, at),
      offset: Number(words.wide(table, at + offsetAt)),
      sizeBytes: Number(words.wide(table, at + bytesAt)),
    });
  }
  return segments;
}

function readDynamic(read: ReadAt, segments: readonly Segment[], bits: 32 | 64, words: WordReader) {
  const segment = segments.find(({ type }) => type === dynamicSegment);
  const tags: (readonly [tag: bigint, value: bigint])[] = [];
  if (segment === undefined) return tags;
  const width = bits / 8;
  const bytes = read(segment.offset, Math.min(segment.sizeBytes, maxDynamicBytes));
  for (let at = 0; at + 2 * width <= bytes.length; at += 2 * width) {
    const tag = words.wide(bytes, at);
    if (tag === 0n) break;
    tags.push([tag, words.wide(bytes, at + width)]);
  }
  return tags;
}
