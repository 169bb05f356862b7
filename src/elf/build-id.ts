import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';

const noteSegment = 4;
const noteSection = 7;
const buildIdNote = 3;
const maxNoteBytes = 4_096;
const maxBuildIdBytes = 64;

/** The GNU build id (NT_GNU_BUILD_ID of elf(5)), hexadecimal; undefined where the file has none. */
export function readBuildId(file: ElfFile): string | undefined {
  return bySegments(file) ?? bySections(file);
}

function bySegments(file: ElfFile): string | undefined {
  const notes = file.segments.filter(({ type }) => type === noteSegment);
  return firstOf(notes, ({ offset, fileBytes }) => findBuildIdAt(file, offset, fileBytes));
}

/** Of a debug file, whose segments still tell where the notes were in the program that it was taken from. */
function bySections(file: ElfFile): string | undefined {
  const notes = file.sections().filter(({ type }) => type === noteSection);
  return firstOf(notes, ({ offset, sizeBytes }) => findBuildIdAt(file, offset, sizeBytes));
}

function firstOf<T>(all: readonly T[], find: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const id = find(one);
    if (id !== undefined) return id;
  }
  return undefined;
}

function findBuildIdAt({ source, little }: ElfFile, offset: number, sizeBytes: number): string | undefined {
  return findBuildId(source.read(offset, Math.min(sizeBytes, maxNoteBytes)), little);
}

function findBuildId(bytes: Uint8Array, little: boolean): string | undefined {
  const cursor = createCursor(bytes, little);
  while (!cursor.failed && cursor.position < bytes.length) {
    const [nameBytes, descriptionBytes, type] = [cursor.u32(), cursor.u32(), cursor.u32()];
    const name = cursor.take(aligned(nameBytes));
    const description = cursor.take(aligned(descriptionBytes)).subarray(0, descriptionBytes);
    if (cursor.failed || type !== buildIdNote || !isGnu(name)) continue;
    if (description.length === 0 || description.length > maxBuildIdBytes) return undefined;
    return Array.from(description, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return undefined;
}

function isGnu(name: Uint8Array): boolean {
  return String.fromCharCode(...name.subarray(0, 4)) === 'GNU\0';
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
