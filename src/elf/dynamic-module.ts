import type { ElfWords } from './elf-words.ts';
import type { ReadBytes } from './read-bytes.ts';
import { textAt } from './text-at.ts';

/** One definition of a name that a module offers to lookups. */
export interface DynamicDefinition {
  /** In the module's own addresses. */
  readonly address: number;
  readonly sizeBytes: number;
  /** Absent where the module gives the symbol none: such a definition satisfies every reference. */
  readonly version?: string;
}

/** A word of memory that the loader filled with the address of a symbol. */
export interface DynamicSlot {
  readonly symbol: string;
  /** In the module's own addresses. */
  readonly address: number;
}

/** What the loader sees of a program or library: its dynamic section and the tables it names (elf(5), gABI). */
export interface DynamicModule {
  readonly words: ElfWords;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** DT_DEBUG: where the loader keeps its list of modules; absent without the tag, 0 in a file. */
  readonly debugAddress: number | undefined;
  /** Definitions of the name, by the module's hash table; none where it has neither kind. */
  define(name: string): readonly DynamicDefinition[];
  /** GOT entries of these names. */
  slots(names: ReadonlySet<string>): readonly DynamicSlot[];
}

export interface DynamicPlace {
  /** Reads the module's tables by address. */
  readonly read: ReadBytes;
  readonly words: ElfWords;
  readonly machine: number;
  /** Address of the dynamic section, and how far it may reach. */
  readonly dynamic: number;
  readonly dynamicBytes: number;
  /** What a loader added to every address of the file; 0 when read from the file. */
  readonly base: number;
}

const tags = {
  needed: 1,
  pltRelocationBytes: 2,
  sysvHash: 4,
  strings: 5,
  symbols: 6,
  rela: 7,
  relaBytes: 8,
  soname: 14,
  rel: 17,
  relBytes: 18,
  pltRelocationKind: 20,
  debug: 21,
  pltRelocations: 23,
  gnuHash: 0x6fff_fef5,
  versionOfSymbol: 0x6fff_fff0,
  relaCount: 0x6fff_fff9,
  relCount: 0x6fff_fffa,
  versions: 0x6fff_fffc,
  versionCount: 0x6fff_fffd,
} as const;

const maxDynamicBytes = 64 * 1024;
const maxNeeded = 512;
/** Symbols that share a hash bucket: a dozen at most in real libraries. */
const maxChain = 4_096;
const maxVersions = 1_024;
const maxRelocationBytes = 512 * 1024;
/** GLOB_DAT and JUMP_SLOT of the machine's relocation types (glibc's elf.h): the slots that calls go through. */
const slotTypes: Readonly<Record<number, readonly number[]>> = {
  3: [6, 7],
  62: [6, 7],
  183: [1025, 1026],
  243: [2, 5],
};

/** undefined where there is no dynamic section to read. Nothing in the tables is believed; every loop is bounded. */
export function readDynamicModule(place: DynamicPlace): DynamicModule | undefined {
  const entries = readEntries(place);
  if (entries.length === 0) return undefined;
  const tables = createTables(place, entries);
  const needed = entries.filter(([tag]) => tag === tags.needed).slice(0, maxNeeded);
  const soname = tables.value(tags.soname);
  return {
    words: place.words,
    soname: soname === undefined ? undefined : tables.string(soname),
    needed: needed.map(([, at]) => tables.string(at)),
    debugAddress: tables.value(tags.debug),
    define: (name) => definitions(tables, name),
    slots: (names) => findSlots(tables, names),
  };
}

type Entry = readonly [tag: number, value: number];

function readEntries({ read, words, dynamic, dynamicBytes }: DynamicPlace): readonly Entry[] {
  const bytes = read(dynamic, Math.min(dynamicBytes, maxDynamicBytes));
  const size = 2 * words.width;
  const entries: Entry[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const tag = words.wide(bytes, at);
    if (tag === 0) break;
    entries.push([tag, words.wide(bytes, at + words.width)]);
  }
  return entries;
}

type Tables = ReturnType<typeof createTables>;

function createTables({ read, words, base, machine }: DynamicPlace, entries: readonly Entry[]) {
  const values = new Map(entries.filter(([tag]) => tag !== tags.needed));
  const value = (tag: number) => values.get(tag);
  const strings = locate(tags.strings);
  const symbols = locate(tags.symbols);
  const symbolBytes = words.bits === 64 ? 24 : 16;

  /** glibc writes run-time addresses into the dynamic section, musl and read-only sections keep the file's. */
  function locate(tag: number): number | undefined {
    const address = values.get(tag);
    if (address === undefined || address === 0) return undefined;
    return address < base ? address + base : address;
  }

  function string(at: number): string {
    return strings === undefined ? '' : textAt(read(strings + at, 256), 0);
  }

  function symbol(index: number) {
    if (symbols === undefined) return undefined;
    const bytes = read(symbols + index * symbolBytes, symbolBytes);
    if (bytes.length < symbolBytes) return undefined;
    const [infoAt, sectionAt, valueAt, sizeAt] = words.bits === 64 ? [4, 6, 8, 16] : [12, 14, 4, 8];
    return {
      nameAt: words.word(bytes, 0),
      binding: (bytes[infoAt] ?? 0) >> 4,
      defined: words.half(bytes, sectionAt) !== 0,
      address: words.wide(bytes, valueAt),
      sizeBytes: words.wide(bytes, sizeAt),
    };
  }

  return { read, words, base, machine, value, locate, string, symbol };
}

function definitions(tables: Tables, name: string): readonly DynamicDefinition[] {
  const candidates = gnuCandidates(tables, name) ?? sysvCandidates(tables, name) ?? [];
  return candidates.flatMap((index) => {
    const symbol = tables.symbol(index);
    // STB_LOCAL is 0: not offered to others.
    if (symbol === undefined || !symbol.defined || symbol.binding === 0) return [];
    if (tables.string(symbol.nameAt) !== name) return [];
    const version = versionOf(tables, index);
    const { address, sizeBytes } = symbol;
    return [{ address, sizeBytes, ...(version !== undefined && { version }) }];
  });
}

/** Symbol indices whose GNU hash is the name's: https://flapenguin.me/elf-dt-gnu-hash. */
function gnuCandidates({ read, words, locate }: Tables, name: string): readonly number[] | undefined {
  const table = locate(tags.gnuHash);
  if (table === undefined) return undefined;
  const header = read(table, 16);
  if (header.length < 16) return [];
  const [buckets, firstSymbol, bloomWords] = [words.word(header, 0), words.word(header, 4), words.word(header, 8)];
  if (buckets === 0) return [];
  const hash = gnuHash(name);
  const bucketsAt = table + 16 + bloomWords * words.width;
  const start = readWord(read, words, bucketsAt + (hash % buckets) * 4) ?? 0;
  const found: number[] = [];
  if (start < firstSymbol) return found;
  const chainsAt = bucketsAt + buckets * 4;
  for (let step = 0; step < maxChain; step++) {
    const chained = readWord(read, words, chainsAt + (start - firstSymbol + step) * 4);
    if (chained === undefined) break;
    if (chained >>> 1 === hash >>> 1) found.push(start + step);
    if ((chained & 1) === 1) break;
  }
  return found;
}

function sysvCandidates({ read, words, locate }: Tables, name: string): readonly number[] | undefined {
  const table = locate(tags.sysvHash);
  if (table === undefined) return undefined;
  const buckets = readWord(read, words, table) ?? 0;
  if (buckets === 0) return [];
  const found: number[] = [];
  let index = readWord(read, words, table + 8 + (sysvHash(name) % buckets) * 4);
  for (let step = 0; index !== undefined && index !== 0 && step < maxChain; step++) {
    found.push(index);
    index = readWord(read, words, table + 8 + (buckets + index) * 4);
  }
  return found;
}

function readWord(read: ReadBytes, words: ElfWords, at: number): number | undefined {
  const bytes = read(at, 4);
  return bytes.length < 4 ? undefined : words.word(bytes, 0);
}

function gnuHash(name: string): number {
  let hash = 5_381;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 33) + name.charCodeAt(at)) >>> 0;
  return hash;
}

function sysvHash(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) {
    hash = ((hash << 4) + name.charCodeAt(at)) >>> 0;
    const high = hash & 0xf000_0000;
    hash = (hash ^ (high >>> 24)) & ~high & 0xffff_ffff;
  }
  return hash >>> 0;
}

/** The name of the version a symbol is defined in: Drepper, "ELF Symbol Versioning". 0 and 1 stand for none. */
function versionOf({ read, words, locate, value, string }: Tables, index: number): string | undefined {
  const ofSymbol = locate(tags.versionOfSymbol);
  let at = locate(tags.versions);
  if (ofSymbol === undefined || at === undefined) return undefined;
  const number = read(ofSymbol + index * 2, 2);
  if (number.length < 2) return undefined;
  const wanted = words.half(number, 0) & 0x7fff;
  if (wanted < 2) return undefined;
  const count = Math.min(value(tags.versionCount) ?? 0, maxVersions);
  for (let step = 0; step < count; step++) {
    const bytes = read(at, 20);
    if (bytes.length < 20) return undefined;
    if (words.half(bytes, 4) === wanted) {
      const nameAt = read(at + words.word(bytes, 12), 4);
      return nameAt.length < 4 ? undefined : string(words.word(nameAt, 0));
    }
    const next = words.word(bytes, 16);
    if (next === 0) return undefined;
    at += next;
  }
  return undefined;
}

function findSlots(tables: Tables, names: ReadonlySet<string>): readonly DynamicSlot[] {
  const { locate, value } = tables;
  const plt = { at: locate(tags.pltRelocations), bytes: value(tags.pltRelocationBytes) ?? 0, skip: 0 };
  const rela = { at: locate(tags.rela), bytes: value(tags.relaBytes) ?? 0, skip: value(tags.relaCount) ?? 0 };
  const rel = { at: locate(tags.rel), bytes: value(tags.relBytes) ?? 0, skip: value(tags.relCount) ?? 0 };
  return [
    ...slotsIn(tables, plt, value(tags.pltRelocationKind) === tags.rela, names),
    ...slotsIn(tables, rela, true, names),
    ...slotsIn(tables, rel, false, names),
  ];
}

/** A run of relocations; the first `skip` of them concern no symbol. */
interface Relocations {
  readonly at: number | undefined;
  readonly bytes: number;
  readonly skip: number;
}

function slotsIn(tables: Tables, relocations: Relocations, withAddend: boolean, names: ReadonlySet<string>) {
  const { read, words, symbol, string, machine } = tables;
  const { width } = words;
  const size = (withAddend ? 3 : 2) * width;
  const types = slotTypes[machine] ?? [];
  if (relocations.at === undefined) return [];
  const bytes = read(
    relocations.at + relocations.skip * size,
    Math.max(0, Math.min(relocations.bytes - relocations.skip * size, maxRelocationBytes)),
  );
  const slots: DynamicSlot[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const [type, index] = relocationInfo(words, bytes, at + width);
    if (!types.includes(type) || index === 0) continue;
    const name = string(symbol(index)?.nameAt ?? 0);
    if (names.has(name)) slots.push({ symbol: name, address: words.wide(bytes, at) });
  }
  return slots;
}

/** ELF64_R_INFO is symbol:32 type:32, ELF32_R_INFO symbol:24 type:8. */
function relocationInfo(words: ElfWords, bytes: Uint8Array, at: number): readonly [type: number, symbol: number] {
  const low = words.word(bytes, at);
  return words.bits === 64 ? [low, words.word(bytes, at + 4)] : [low & 0xff, low >>> 8];
}
