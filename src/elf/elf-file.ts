import { type ByteCursor, createCursor } from './byte-cursor.ts';
import type { ByteSource } from './byte-source.ts';

/** PT_* and SHT_* of elf(5) are kept as numbers; addresses are those of the file, before it is moved anywhere. */
export interface ElfSegment {
  readonly type: number;
  readonly executable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly fileBytes: number;
}

export interface ElfSection {
  readonly type: number;
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly sizeBytes: number;
  /** Index of the section it belongs to: of a symbol table, its strings. */
  readonly link: number;
  /** SHF_COMPRESSED: its bytes are none of what its type says. */
  readonly compressed: boolean;
}

/** Header and tables of an ELF file. Sizes and offsets are what it claims; every reader checks them against the source. */
export interface ElfFile {
  readonly source: ByteSource;
  readonly bits: 32 | 64;
  readonly little: boolean;
  /** e_machine: 62 x86-64, 3 i386, 183 arm64. */
  readonly machine: number;
  /** e_type: 2 a program at a fixed place, 3 position independent or a shared object. */
  readonly type: number;
  readonly segments: readonly ElfSegment[];
  /** Where the table of sections ends, as the header claims; 0 for a file without. */
  readonly sectionTableEnd: number;
  /** Empty for what was stripped of them; read when first asked. */
  sections(): readonly ElfSection[];
}

/** A program has a dozen segments and some forty sections; a hostile one claims more. */
const maxSegments = 256;
const maxSections = 512;
const maxNameBytes = 64;
const maxNameTableBytes = 64 * 1024;
const compressedFlag = 0x800;

/** Where elf(5) has the fields that the two word sizes keep in different places. */
const layouts = {
  64: {
    tableOffset: 32,
    sectionOffset: 40,
    segmentCount: 54,
    sectionCount: 58,
    segmentBytes: 56,
    sectionBytes: 64,
    headerBytes: 64,
  },
  32: {
    tableOffset: 28,
    sectionOffset: 32,
    segmentCount: 42,
    sectionCount: 46,
    segmentBytes: 32,
    sectionBytes: 40,
    headerBytes: 52,
  },
} as const;

/** undefined for what is no ELF file of 32 or 64 bits. */
export function readElfFile(source: ByteSource): ElfFile | undefined {
  const header = source.read(0, 64).slice();
  if (header[0] !== 0x7f || header[1] !== 0x45 || header[2] !== 0x4c || header[3] !== 0x46) return undefined;
  const bits = header[4] === 1 ? 32 : header[4] === 2 ? 64 : undefined;
  if (bits === undefined || header.length < layouts[bits].headerBytes) return undefined;
  const little = header[5] === 1;
  const cursor = createCursor(header, little);
  cursor.position = 16;
  const [type, machine] = [cursor.u16(), cursor.u16()];
  let sections: readonly ElfSection[] | undefined;
  return {
    source,
    bits,
    little,
    type,
    machine,
    segments: readSegments(source, cursor, bits, little),
    sectionTableEnd: sectionTableEnd(cursor, bits),
    sections: () => {
      sections ??= readSections(source, cursor, bits, little);
      return sections;
    },
  };
}

function readSegments(source: ByteSource, header: ByteCursor, bits: 32 | 64, little: boolean): readonly ElfSegment[] {
  const layout = layouts[bits];
  header.position = layout.segmentCount;
  const [entryBytes, count] = [header.u16(), header.u16()];
  header.position = layout.tableOffset;
  const table = readTable(source, header.word(bits), entryBytes, Math.min(count, maxSegments), layout.segmentBytes);
  return table.map((bytes) => toSegment(createCursor(bytes, little), bits));
}

function toSegment(cursor: ByteCursor, bits: 32 | 64): ElfSegment {
  const type = cursor.u32();
  const early = bits === 64 ? cursor.u32() : 0;
  const [offset, address] = [cursor.word(bits), cursor.word(bits)];
  cursor.word(bits);
  const [fileBytes] = [cursor.word(bits), cursor.word(bits)];
  const flags = bits === 64 ? early : cursor.u32();
  return { type: cursor.failed ? 0 : type, executable: (flags & 1) !== 0, offset, address, fileBytes };
}

function sectionTableEnd(header: ByteCursor, bits: 32 | 64): number {
  header.position = layouts[bits].sectionCount;
  const [entryBytes, count] = [header.u16(), header.u16()];
  header.position = layouts[bits].sectionOffset;
  const offset = header.word(bits);
  return offset === 0 ? 0 : offset + entryBytes * count;
}

function readSections(source: ByteSource, header: ByteCursor, bits: 32 | 64, little: boolean): readonly ElfSection[] {
  const layout = layouts[bits];
  header.position = layout.sectionCount;
  const [entryBytes, count, namesIndex] = [header.u16(), header.u16(), header.u16()];
  header.position = layout.sectionOffset;
  const table = readTable(source, header.word(bits), entryBytes, Math.min(count, maxSections), layout.sectionBytes);
  const raw = table.map((bytes) => toRawSection(createCursor(bytes, little), bits));
  const strings = raw[namesIndex];
  const names =
    strings === undefined
      ? new Uint8Array()
      : source.read(strings.offset, Math.min(strings.sizeBytes, maxNameTableBytes)).slice();
  return raw.map(({ nameAt, ...section }) => ({ ...section, name: textAt(names, nameAt) }));
}

function toRawSection(cursor: ByteCursor, bits: 32 | 64) {
  const [nameAt, type] = [cursor.u32(), cursor.u32()];
  const flags = cursor.word(bits);
  const [address, offset, sizeBytes] = [cursor.word(bits), cursor.word(bits), cursor.word(bits)];
  const link = cursor.u32();
  const compressed = (flags & compressedFlag) !== 0;
  return { nameAt, type: cursor.failed ? 0 : type, address, offset, sizeBytes, link, compressed };
}

/** Copies, since the next read of the source may overwrite its bytes. Only whole entries of the size elf(5) names. */
function readTable(source: ByteSource, offset: number, entryBytes: number, count: number, wanted: number) {
  if (entryBytes !== wanted) return [];
  const bytes = source.read(offset, entryBytes * count).slice();
  const whole = Math.floor(bytes.length / entryBytes);
  return Array.from({ length: whole }, (_, index) => bytes.subarray(index * entryBytes, (index + 1) * entryBytes));
}

function textAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  if (at >= bytes.length || end < 0) return '';
  return String.fromCharCode(...bytes.subarray(at, Math.min(end, at + maxNameBytes)));
}
