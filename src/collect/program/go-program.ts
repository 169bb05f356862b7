import type { ElfFile } from '../../elf/elf-file.ts';
import { elfWords } from '../../elf/elf-words.ts';
import { type GoBuildInfo, parseGoBuildInfo } from '../../elf/go-build-info.ts';
import { fileByAddress } from '../../elf/read-bytes.ts';

/** What the Go linker left in section .go.buildinfo, which strip keeps; undefined for a program that Go did not link. */
export function readGoProgram(file: ElfFile): GoBuildInfo | undefined {
  const section = file.sections().find(({ name }) => name === '.go.buildinfo');
  if (section === undefined) return undefined;
  return parseGoBuildInfo(fileByAddress(file), section.address, elfWords(file.bits, file.little));
}
