import type { ElfFile } from './elf-file.ts';

/** A source need not give more at once. */
const pieceBytes = 256 * 1024;

/** All bytes of a section; undefined where there is none of that name, where it is larger than `maxBytes`, or cut off. */
export function readSectionBytes(file: ElfFile, sectionName: string, maxBytes: number): Uint8Array | undefined {
  const section = file.sections().find(({ name, compressed }) => name === sectionName && !compressed);
  if (section === undefined || section.sizeBytes > Math.min(maxBytes, file.source.size)) return undefined;
  const bytes = new Uint8Array(section.sizeBytes);
  for (let at = 0; at < bytes.length; ) {
    const piece = file.source.read(section.offset + at, Math.min(pieceBytes, bytes.length - at));
    if (piece.length === 0) return undefined;
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
