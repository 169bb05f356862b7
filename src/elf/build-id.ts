import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';

const noteSegment = 4;
const buildIdNote = 3;
const maxNoteBytes = 4_096;
const maxBuildIdBytes = 64;

/** The GNU build id (NT_GNU_BUILD_ID of elf(5)), hexadecimal; undefined where the file has none. */
export function readBuildId(file: ElfFile): string | undefined {
  for (const segment of file.segments.filter(({ type }) => type === noteSegment)) {
    const bytes = file.source.read(segment.offset, Math.min(segment.fileBytes, maxNoteBytes));
    const id = findBuildId(bytes, file.little);
    if (id !== undefined) return id;
  }
  return undefined;
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
