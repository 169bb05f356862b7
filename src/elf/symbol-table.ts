import { createCursor } from './byte-cursor.ts';
import type { ElfFile, ElfSection } from './elf-file.ts';
import { createPackedIndex, maxPackedNumber, type SortedIndex } from './packed-index.ts';

/** A function of a file. */
export interface ElfSymbol {
  /** Bytes as they are in the file, at most 256: hostile text. */
  readonly name: Uint8Array;
  readonly address: number;
  /** False for one that says no size (assembly code): it is taken to reach to the next symbol, or its section's end. */
  readonly sized: boolean;
}

export interface SymbolTable {
  /** The function that covers an address of the file; undefined where none does. */
  find(address: number): ElfSymbol | undefined;
}

/** Of one symbol, as elf(5) has it. */
interface RawSymbol {
  readonly nameAt: number;
  readonly global: boolean;
  readonly section: number;
  readonly address: number;
  readonly sizeBytes: number;
}

const [symbolTableType, stringTableType, dynamicSymbolsType] = [2, 3, 11];
/** STT_FUNC and STT_GNU_IFUNC. */
const functionTypes: ReadonlySet<number> = new Set([2, 10]);
const maxNameBytes = 256;
const chunkSymbols = 2_048;
/** Names of one address, and functions inside another one's range, are few. */
const maxStepsBack = 64;

/** Whether a file has names of its local functions (.symtab), which distributions strip. */
export function hasLocalNames(file: ElfFile): boolean {
  return file.sections().some(({ type, compressed }) => type === symbolTableType && !compressed);
}

/** Whether there are more of them than are read: a million, which few programs and no library have. */
export function hasTooManyLocalNames(file: ElfFile): boolean {
  const most = maxPackedNumber * symbolBytes(file);
  return file.sections().some(({ type, sizeBytes }) => type === symbolTableType && sizeBytes > most);
}

/** Of .symtab where the file has one, with .dynsym after it; both read where needed, and indexed at the first question. */
export function createSymbolTable(file: ElfFile): SymbolTable {
  const sections = file.sections();
  const tables = [symbolTableType, dynamicSymbolsType].flatMap((type) => {
    const section = sections.find((one) => one.type === type && !one.compressed);
    return section === undefined ? [] : [createTable(file, section)];
  });
  return {
    find(address) {
      for (const table of tables) {
        const symbol = table(address);
        if (symbol !== undefined) return symbol;
      }
      return undefined;
    },
  };
}

function createTable(file: ElfFile, section: ElfSection): SymbolTable['find'] {
  const entryBytes = symbolBytes(file);
  // Of a table that is cut off the symbol that would be right may be missing, and another take its place.
  const isWhole = section.offset + section.sizeBytes <= file.source.size;
  const count = isWhole ? Math.floor(section.sizeBytes / entryBytes) : 0;
  const strings = stringsOf(file, section);
  let index: SortedIndex | undefined;

  const readOne = (number: number): RawSymbol =>
    readSymbol(
      createCursor(file.source.read(section.offset + number * entryBytes, entryBytes), file.little),
      file.bits,
    );
  const nameOf = ({ nameAt }: RawSymbol): Uint8Array => {
    if (strings === undefined || nameAt >= strings.sizeBytes) return new Uint8Array();
    const bytes = file.source.read(strings.offset + nameAt, Math.min(maxNameBytes, strings.sizeBytes - nameAt));
    const end = bytes.indexOf(0);
    // What ends before its NUL is half a name, which is another name.
    return bytes.slice(0, end < 0 && bytes.length === maxNameBytes ? maxNameBytes : Math.max(end, 0));
  };

  return (address) => {
    if (count === 0 || count > maxPackedNumber) return undefined;
    index ??= indexSymbols(file, section, count);
    const covering = symbolsAt(index, address, readOne).filter((symbol) => insideSection(file, symbol, address));
    const named = covering.map((symbol) => ({ symbol, name: nameOf(symbol) })).filter(({ name }) => name.length > 0);
    const [best] = named.sort(byPlainness);
    if (best === undefined) return undefined;
    return { name: best.name, address: best.symbol.address, sized: best.symbol.sizeBytes > 0 };
  };
}

function symbolBytes({ bits }: ElfFile): number {
  return bits === 64 ? 24 : 16;
}

/** In a debug file a table can be left whose strings are not: their section then says where none are. */
function stringsOf(file: ElfFile, { link }: ElfSection): ElfSection | undefined {
  const section = file.sections()[link];
  return section?.type === stringTableType && !section.compressed ? section : undefined;
}

type Cursor = ReturnType<typeof createCursor>;

function readSymbol(cursor: Cursor, bits: 32 | 64): RawSymbol {
  const nameAt = cursor.u32();
  let [info, section, address, sizeBytes] = [0, 0, 0, 0];
  if (bits === 64) {
    info = cursor.u8();
    cursor.u8();
    section = cursor.u16();
    [address, sizeBytes] = [cursor.u64(), cursor.u64()];
  } else {
    [address, sizeBytes] = [cursor.u32(), cursor.u32()];
    info = cursor.u8();
    cursor.u8();
    section = cursor.u16();
  }
  return { nameAt, global: info >> 4 !== 0, section, address, sizeBytes };
}

/** The numbers of functions by address. Reads single fields: a browser has a million symbols. */
function indexSymbols(file: ElfFile, section: ElfSection, count: number): SortedIndex {
  const [entryBytes, infoAt, sectionAt, addressAt] = file.bits === 64 ? [24, 4, 6, 8] : [16, 12, 14, 4];
  const index = createPackedIndex(count);
  for (let from = 0; from < count; from += chunkSymbols) {
    const bytes = file.source.read(
      section.offset + from * entryBytes,
      Math.min(chunkSymbols, count - from) * entryBytes,
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const wordAt = (at: number) => view.getUint32(at, file.little);
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
      const defined = view.getUint16(at + sectionAt, file.little) !== 0;
      if (!defined || !functionTypes.has(view.getUint8(at + infoAt) & 15)) continue;
      const [first, second] = [wordAt(at + addressAt), file.bits === 64 ? wordAt(at + addressAt + 4) : 0];
      const [low, high] = file.little || file.bits === 32 ? [first, second] : [second, first];
      if (high === 0) index.add(low, from + at / entryBytes);
    }
  }
  return index.sort();
}

/** The symbols that cover an address, nearest start first; all those of one start, and none further out. */
function symbolsAt(index: SortedIndex, address: number, read: (number: number) => RawSymbol): readonly RawSymbol[] {
  const found: RawSymbol[] = [];
  const last = index.lastAtOrBelow(address);
  const nearest = index.addressAt(last);
  for (let at = last; at >= 0 && last - at < maxStepsBack; at -= 1) {
    const symbol = read(index.numberAt(at));
    if (symbol.address !== index.addressAt(at)) continue;
    if (found[0] !== undefined && found[0].address !== symbol.address) break;
    // A symbol without size (assembly code) reaches to the next one.
    const covers = symbol.sizeBytes > 0 ? address - symbol.address < symbol.sizeBytes : symbol.address === nearest;
    if (covers) found.push(symbol);
  }
  return found;
}

/** A symbol without size ends where its section does, at the latest. */
function insideSection(file: ElfFile, symbol: RawSymbol, address: number): boolean {
  if (symbol.sizeBytes > 0) return true;
  const section = file.sections()[symbol.section];
  return section !== undefined && address - section.address < section.sizeBytes;
}

interface NamedSymbol {
  readonly symbol: RawSymbol;
  readonly name: Uint8Array;
}

/**
 * Of several names of one function the one it is known by: exported before local, clock_gettime before __clock_gettime,
 * but in a vDSO __vdso_clock_gettime (vdso(7)), which has weak aliases without prefix.
 */
function byPlainness(left: NamedSymbol, right: NamedSymbol): number {
  return (
    Number(isVdsoName(right.name)) - Number(isVdsoName(left.name)) ||
    Number(right.symbol.global) - Number(left.symbol.global) ||
    underscores(left.name) - underscores(right.name) ||
    left.name.length - right.name.length
  );
}

const vdsoPrefixes = ['__vdso_', '__kernel_'];

function isVdsoName(name: Uint8Array): boolean {
  const start = String.fromCharCode(...name.subarray(0, 9));
  return vdsoPrefixes.some((prefix) => start.startsWith(prefix));
}

function underscores(name: Uint8Array): number {
  const count = name.findIndex((byte) => byte !== 0x5f);
  return count < 0 ? name.length : count;
}
