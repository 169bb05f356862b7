import { createCursor } from './byte-cursor.ts';
import type { ElfFile } from './elf-file.ts';

/** What a stripped file says of the file that holds its symbols: .gnu_debuglink, as objcopy(1) writes it. */
export interface DebugLink {
  /** Name without a folder, one character a byte: hostile text. */
  readonly fileName: string;
  /** CRC-32 (that of zlib) of the whole other file. */
  readonly crc32: number;
}

const sectionName = '.gnu_debuglink';
/** NAME_MAX of Linux, its NUL, padding and the checksum. */
const maxSectionBytes = 264;

/** undefined where the file has no such section, or one that names what no file of a folder can be called. */
export function readDebugLink(file: ElfFile): DebugLink | undefined {
  const section = file.sections().find(({ name, compressed }) => name === sectionName && !compressed);
  if (section === undefined || section.sizeBytes > maxSectionBytes) return undefined;
  const bytes = file.source.read(section.offset, section.sizeBytes);
  const nameBytes = bytes.indexOf(0);
  const cursor = createCursor(bytes, file.little);
  cursor.position = Math.ceil((nameBytes + 1) / 4) * 4;
  const crc32 = cursor.u32();
  const fileName = String.fromCharCode(...bytes.subarray(0, Math.max(0, nameBytes)));
  return cursor.failed || !isFileName(fileName) ? undefined : { fileName, crc32 };
}

function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/');
}
