import { createDynamicTables, type DynamicPlace, readDynamicEntries, dynamicTags as tags } from './dynamic-tables.ts';
import type { ElfWords } from './elf-words.ts';
import { type DynamicDefinition, findDefinitions } from './find-definitions.ts';
import { type DynamicSlot, findSlots, relocationBytes } from './find-slots.ts';

/** What the loader sees of a program or library: its dynamic section and the tables it names (elf(5), gABI). */
export interface DynamicModule {
  readonly words: ElfWords;
  readonly soname: string | undefined;
  readonly needed: readonly string[];
  /** DT_DEBUG: where the loader keeps its list of modules; absent without the tag, 0 in a file. */
  readonly debugAddress: number | undefined;
  /** Definitions of the name, by the module's hash table; none where it has neither kind. */
  define(name: string): readonly DynamicDefinition[];
  /** Of what `slots` goes through. */
  readonly relocationBytes: number;
  /** GOT entries of these names. */
  slots(names: ReadonlySet<string>): readonly DynamicSlot[];
}

const maxNeeded = 512;

/** undefined where there is no dynamic section to read. Nothing in the tables is believed; every loop is bounded. */
export function readDynamicModule(place: DynamicPlace): DynamicModule | undefined {
  const entries = readDynamicEntries(place);
  if (entries.length === 0) return undefined;
  const tables = createDynamicTables(place, entries);
  const needed = entries.filter(([tag]) => tag === tags.needed).slice(0, maxNeeded);
  const soname = tables.value(tags.soname);
  return {
    words: place.words,
    soname: soname === undefined ? undefined : tables.string(soname),
    needed: needed.map(([, at]) => tables.string(at)),
    debugAddress: tables.value(tags.debug),
    define: (name) => findDefinitions(tables, name),
    relocationBytes: relocationBytes(tables),
    slots: (names) => findSlots(tables, names),
  };
}
