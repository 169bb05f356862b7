import { createCursor } from './byte-cursor.ts';
import type { ElfFile, ElfSection } from './elf-file.ts';

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

const [symbolTableType, dynamicSymbolsType] = [2, 11];
/** STT_FUNC and STT_GNU_IFUNC. */
const functionTypes: ReadonlySet<number> = new Set([2, 10]);
const maxNameBytes = 256;
const chunkSymbols = 2_048;
/** An index packs an address below 2^32 and a number below 2^20 into the 53 bits of one float, eight bytes a symbol. */
const maxIndexed = 2 ** 20;
const maxIndexedAddress = 2 ** 32;
/** Names of one address, and functions inside another one's range, are few. */
const maxStepsBack = 64;

/** Of .symtab where the file has one, with .dynsym after it; both read where needed, and indexed at the first question. */
export function createSymbolTable(file: ElfFile): SymbolTable {
  const sections = file.sections();
  const tables = [symbolTableType, dynamicSymbolsType].flatMap((type) => {
    const section = sections.find((one) => one.type === type);
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
  const entryBytes = file.bits === 64 ? 24 : 16;
  const inFile = Math.max(0, file.source.size - section.offset);
  const count = Math.floor(Math.min(section.sizeBytes, inFile) / entryBytes);
  const strings = file.sections()[section.link];
  let index: Float64Array | undefined;

  const readOne = (number: number): RawSymbol =>
    readSymbol(
      createCursor(file.source.read(section.offset + number * entryBytes, entryBytes), file.little),
      file.bits,
    );
  const nameOf = ({ nameAt }: RawSymbol): Uint8Array => {
    if (strings === undefined || nameAt >= strings.sizeBytes) return new Uint8Array();
    const bytes = file.source.read(strings.offset + nameAt, Math.min(maxNameBytes, strings.sizeBytes - nameAt));
    const end = bytes.indexOf(0);
    return bytes.slice(0, end < 0 ? bytes.length : end);
  };

  return (address) => {
    if (count === 0 || count > maxIndexed || address >= maxIndexedAddress) return undefined;
    index ??= indexSymbols(file, section, count);
    const covering = symbolsAt(index, address, readOne).filter((symbol) => insideSection(file, symbol, address));
    const named = covering.map((symbol) => ({ symbol, name: nameOf(symbol) })).filter(({ name }) => name.length > 0);
    const [best] = named.sort(byPlainness);
    if (best === undefined) return undefined;
    return { name: best.name, address: best.symbol.address, sized: best.symbol.sizeBytes > 0 };
  };
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

/** Functions by address: address · 2^20 + number of the symbol, sorted. Reads fields alone: a browser has a million. */
function indexSymbols(file: ElfFile, section: ElfSection, count: number): Float64Array {
  const [entryBytes, infoAt, sectionAt, addressAt] = file.bits === 64 ? [24, 4, 6, 8] : [16, 12, 14, 4];
  const keys = new Float64Array(count);
  let functions = 0;
  for (let from = 0; from < count; from += chunkSymbols) {
    const bytes = file.source.read(
      section.offset + from * entryBytes,
      Math.min(chunkSymbols, count - from) * entryBytes,
    );
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
      const defined = view.getUint16(at + sectionAt, file.little) !== 0;
      if (!defined || !functionTypes.has(view.getUint8(at + infoAt) & 15)) continue;
      // What lies beyond 2^32 is not indexed.
      if (file.bits === 64 && view.getUint32(at + addressAt + (file.little ? 4 : 0), file.little) !== 0) continue;
      const low = file.bits === 64 && !file.little ? addressAt + 4 : addressAt;
      keys[functions] = view.getUint32(at + low, file.little) * maxIndexed + from + at / entryBytes;
      functions += 1;
    }
  }
  return keys.slice(0, functions).sort();
}

/** The symbols that cover an address, nearest start first; all those of one start, and none further out. */
function symbolsAt(index: Float64Array, address: number, read: (number: number) => RawSymbol) {
  const found: RawSymbol[] = [];
  const last = lastBelow(index, (address + 1) * maxIndexed);
  const nearest = Math.floor((index[last] ?? 0) / maxIndexed);
  for (let at = last; at >= 0 && last - at < maxStepsBack; at -= 1) {
    const key = index[at] ?? 0;
    const symbol = read(key % maxIndexed);
    if (symbol.address !== Math.floor(key / maxIndexed)) continue;
    if (found[0] !== undefined && found[0].address !== symbol.address) break;
    // A symbol without size (assembly code) reaches to the next one.
    const covers = symbol.sizeBytes > 0 ? address - symbol.address < symbol.sizeBytes : symbol.address === nearest;
    if (covers) found.push(symbol);
  }
  return found;
}

/** Position of the last key below `limit`, -1 where there is none. */
function lastBelow(index: Float64Array, limit: number): number {
  let [low, high] = [0, index.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((index[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
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
