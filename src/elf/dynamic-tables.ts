import type { ElfWords } from './elf-words.ts';
import type { ReadBytes } from './read-bytes.ts';
import { textAt } from './text-at.ts';

/** Where a dynamic section is, and how its file's tables are read. */
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

/** DT_* of elf(5) and of glibc's elf.h. */
export const dynamicTags = {
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
const maxVersions = 1_024;

export type DynamicEntry = readonly [tag: number, value: number];

/** Empty where there is no section to read. */
export function readDynamicEntries({ read, words, dynamic, dynamicBytes }: DynamicPlace): readonly DynamicEntry[] {
  const bytes = read(dynamic, Math.min(dynamicBytes, maxDynamicBytes));
  const size = 2 * words.width;
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const tag = words.wide(bytes, at);
    if (tag === 0) break;
    entries.push([tag, words.wide(bytes, at + words.width)]);
  }
  return entries;
}

export type DynamicTables = ReturnType<typeof createDynamicTables>;

/** The tables that the entries name. Nothing in them is believed. */
export function createDynamicTables({ read, words, base, machine }: DynamicPlace, entries: readonly DynamicEntry[]) {
  const values = new Map(entries.filter(([tag]) => tag !== dynamicTags.needed));
  const strings = locate(dynamicTags.strings);
  const symbols = locate(dynamicTags.symbols);
  const symbolBytes = words.bits === 64 ? 24 : 16;
  const [infoAt, sectionAt, valueAt, sizeAt] = words.bits === 64 ? [4, 6, 8, 16] : [12, 14, 4, 8];

  /** glibc writes run-time addresses into the dynamic section, musl and read-only sections keep the file's. */
  function locate(tag: number): number | undefined {
    const address = values.get(tag);
    if (address === undefined || address === 0) return undefined;
    return address < base ? address + base : address;
  }

  const value = (tag: number) => values.get(tag);
  const string = (at: number) => (strings === undefined ? '' : textAt(read(strings + at, 256), 0));

  /** Where the names of the versions are that the module defines, by number: read once, however many symbols ask. */
  function readVersionNames(): ReadonlyMap<number, number> {
    const names = new Map<number, number>();
    let at = locate(dynamicTags.versions);
    const count = Math.min(value(dynamicTags.versionCount) ?? 0, maxVersions);
    for (let step = 0; step < count && at !== undefined; step += 1) {
      const bytes = read(at, 20);
      if (bytes.length < 20) break;
      const nameAt = read(at + words.word(bytes, 12), 4);
      const number = words.half(bytes, 4);
      if (nameAt.length === 4 && !names.has(number)) names.set(number, words.word(nameAt, 0));
      const next = words.word(bytes, 16);
      at = next === 0 ? undefined : at + next;
    }
    return names;
  }
  let versionNames: ReadonlyMap<number, number> | undefined;

  return {
    read,
    words,
    machine,
    locate,
    value,
    string,
    /** Of a version that the module defines. */
    versionName(number: number): string | undefined {
      versionNames ??= readVersionNames();
      const nameAt = versionNames.get(number);
      return nameAt === undefined ? undefined : string(nameAt);
    },
    /** undefined past what can be read. */
    symbol(index: number) {
      if (symbols === undefined) return undefined;
      const bytes = read(symbols + index * symbolBytes, symbolBytes);
      if (bytes.length < symbolBytes) return undefined;
      return {
        nameAt: words.word(bytes, 0),
        binding: (bytes[infoAt] ?? 0) >> 4,
        defined: words.half(bytes, sectionAt) !== 0,
        address: words.wide(bytes, valueAt),
        sizeBytes: words.wide(bytes, sizeAt),
      };
    },
  };
}
