import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';
import { offsetOfAddress } from './file-address.ts';
import { textAt } from './text-at.ts';

/** DT_* of elf(5): tag and value of each entry, and the names among them. */
export interface DynamicSection {
  readonly entries: readonly { readonly tag: number; readonly value: number }[];
  /** DT_SONAME, DT_NEEDED: text of the file, at most 256 bytes each, not cleaned. */
  readonly soName: string | undefined;
  readonly needed: readonly string[];
}

const dynamicSegment = 2;
const [neededTag, stringsTag, soNameTag] = [1, 5, 14];
/** A library has some forty entries; a hostile one claims more. */
const maxDynamicBytes = 64 * 1024;
const maxNeeded = 256;
const maxNameBytes = 256;

/** Empty for a file without one. Values that no file can have (beyond 2^53) end it. */
export function readDynamicSection(file: ElfFile): DynamicSection {
  const entries = readEntries(file);
  const stringsAddress = entries.find(({ tag }) => tag === stringsTag)?.value;
  const stringsOffset = stringsAddress === undefined ? undefined : offsetOfAddress(file, stringsAddress);
  const text = (value: number): string => {
    if (stringsOffset === undefined) return '';
    return textAt(file.source.read(stringsOffset + value, maxNameBytes), 0, maxNameBytes);
  };
  const soName = entries.find(({ tag }) => tag === soNameTag);
  const needed = entries.filter(({ tag }) => tag === neededTag).slice(0, maxNeeded);
  return {
    entries,
    soName: soName === undefined ? undefined : text(soName.value),
    needed: needed.map(({ value }) => text(value)),
  };
}

function readEntries(file: ElfFile): DynamicSection['entries'] {
  const segment = file.segments.find(({ type }) => type === dynamicSegment);
  if (segment === undefined) return [];
  const bytes = file.source.read(segment.offset, Math.min(segment.fileBytes, maxDynamicBytes)).slice();
  const cursor = createCursor(bytes, file.little);
  const entries: { tag: number; value: number }[] = [];
  for (;;) {
    const [tag, value] = [cursor.word(file.bits), cursor.word(file.bits)];
    if (cursor.failed || tag === 0) return entries;
    entries.push({ tag, value });
  }
}
