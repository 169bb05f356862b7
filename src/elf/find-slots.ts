import { type DynamicTables, dynamicTags as tags } from './dynamic-tables.ts';
import type { ElfWords } from './elf-words.ts';

/** A word of memory that the loader filled with the address of a symbol. */
export interface DynamicSlot {
  readonly symbol: string;
  /** In the module's own addresses. */
  readonly address: number;
}

const maxRelocationBytes = 512 * 1024;
/** GLOB_DAT and JUMP_SLOT of the machine's relocation types (glibc's elf.h): the slots that calls go through. */
const slotTypes: Readonly<Record<number, readonly number[]>> = {
  3: [6, 7],
  62: [6, 7],
  183: [1025, 1026],
  243: [2, 5],
};

/** The GOT entries of these names. */
export function findSlots(tables: DynamicTables, names: ReadonlySet<string>): readonly DynamicSlot[] {
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

function slotsIn(tables: DynamicTables, relocations: Relocations, withAddend: boolean, names: ReadonlySet<string>) {
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
