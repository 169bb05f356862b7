import type { ElfFile, ElfSection } from '../../elf/elf-file.ts';

const chunkBytes = 512 * 1024;
/** What is looked for is shorter. */
const overlapBytes = 512;
/** node's read-only data has 47 MiB. */
const maxSearchedBytes = 96 * 1024 * 1024;

/**
 * The first place of a section where `pattern` holds within 256 bytes around the plain text `anchor`, byte for character;
 * undefined where the file has no such section or text. Reads in pieces, so a large file is never held whole.
 */
export function findText(
  file: ElfFile,
  sectionName: string,
  anchor: string,
  pattern: RegExp,
): RegExpExecArray | undefined {
  const section = file.sections().find(({ name }) => name === sectionName);
  if (section === undefined) return undefined;
  for (const piece of pieces(file, section)) {
    for (let at = piece.indexOf(anchor, 0, 'latin1'); at >= 0; at = piece.indexOf(anchor, at + 1, 'latin1')) {
      const match = pattern.exec(piece.toString('latin1', Math.max(0, at - 256), at + 256));
      if (match !== null) return match;
    }
  }
  return undefined;
}

/** Whether the section holds each of these texts, each ended by a NUL as in a string table. */
export function holdsNames(file: ElfFile, sectionName: string, names: readonly string[]): boolean {
  const missing = new Set(names);
  const section = file.sections().find(({ name }) => name === sectionName);
  if (section === undefined) return false;
  for (const piece of pieces(file, section)) {
    for (const name of missing) if (piece.includes(`${name}\0`, 0, 'latin1')) missing.delete(name);
    if (missing.size === 0) return true;
  }
  return missing.size === 0;
}

function* pieces(file: ElfFile, { offset, sizeBytes }: ElfSection): Generator<Buffer> {
  const end = Math.min(offset + Math.min(sizeBytes, maxSearchedBytes), file.source.size);
  for (let at = offset; at < end; at += chunkBytes) {
    const bytes = file.source.read(at, Math.min(chunkBytes + overlapBytes, end - at));
    if (bytes.length === 0) return;
    yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
