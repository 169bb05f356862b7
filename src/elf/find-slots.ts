import { type DynamicTables, dynamicTags as tags } from './dynamic-tables.ts';
import type { ElfWords } from './elf-words.ts';

/** A word of memory that the loader filled with the address of a symbol. */
export interface DynamicSlot {
  readonly symbol: string;
  /** In the module's own addresses. */
  readonly address: number;
}

const maxRelocationBytes = 512 * 1024;
/** A module has one or two for each name; a hostile one has as many as there is room for. */
const maxSlots = 1_024;
/** GLOB_DAT and JUMP_SLOT of the machine's relocation types (glibc's elf.h): the slots that calls go through. */
const slotTypes: Readonly<Record<number, readonly number[]>> = {
  3: [6, 7],
  62: [6, 7],
  183: [1025, 1026],
  243: [2, 5],
};

/** The GOT entries of these names. */
export function findSlots(tables: DynamicTables, names: ReadonlySet<string>): readonly DynamicSlot[] {
  return runsOf(tables)
    .flatMap((run) => slotsIn(tables, run, names))
    .slice(0, maxSlots);
}

/** How much has to be gone through for them. */
export function relocationBytes(tables: DynamicTables): number {
  return runsOf(tables).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Relocations one after another: of those that concern no symbol, which come first, none. */
interface Relocations {
  readonly at: number;
  readonly bytes: number;
  /** Of one of them. */
  readonly size: number;
}

function runsOf({ locate, value, words }: DynamicTables): readonly Relocations[] {
  const run = (tag: number, bytesTag: number, withAddend: boolean, skipTag?: number): readonly Relocations[] => {
    const at = locate(tag);
    const size = (withAddend ? 3 : 2) * words.width;
    const skipped = (skipTag === undefined ? 0 : (value(skipTag) ?? 0)) * size;
    const bytes = Math.max(0, Math.min((value(bytesTag) ?? 0) - skipped, maxRelocationBytes));
    return at === undefined || bytes === 0 ? [] : [{ at: at + skipped, bytes, size }];
  };
  return [
    ...run(tags.pltRelocations, tags.pltRelocationBytes, value(tags.pltRelocationKind) === tags.rela),
    ...run(tags.rela, tags.relaBytes, true, tags.relaCount),
    ...run(tags.rel, tags.relBytes, false, tags.relCount),
  ];
}

function slotsIn(tables: DynamicTables, { at: start, bytes: length, size }: Relocations, names: ReadonlySet<string>) {
  const { read, words, symbol, string, machine } = tables;
  const { width } = words;
  const types = slotTypes[machine] ?? [];
  const bytes = read(start, length);
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
