import { readBuildId } from './build-id.ts';
import type { ByteSource } from './byte-source.ts';
import { type ElfFile, readElfFile } from './elf-file.ts';
import { createSymbolTable, hasLocalNames, hasTooManyLocalNames, type SymbolTable } from './symbol-table.ts';

/** Names that are kept apart from their file, or in words why they are not believed: 'is of another build'. */
export type DebugSymbols = { readonly symbols: SymbolTable } | { readonly refused: string };

/**
 * Symbols of a separate debug file of `file`, whose addresses they are in. It is told by its build id; `objection` is asked
 * where one of the two has none, and answers why the bytes are not believed, or undefined.
 */
export function readDebugSymbols(source: ByteSource, file: ElfFile, objection: () => string | undefined): DebugSymbols {
  const debug = readElfFile(source);
  if (debug === undefined) return { refused: 'is no ELF file' };
  if (isCutOff(debug)) return { refused: 'is cut off' };
  if (debug.machine !== file.machine || debug.bits !== file.bits) return { refused: 'is of another machine' };
  const refused = otherBuild(readBuildId(file), readBuildId(debug), objection);
  if (refused !== undefined) return { refused };
  if (hasTooManyLocalNames(debug)) return { refused: 'has more than a million symbols' };
  return hasLocalNames(debug) ? { symbols: createSymbolTable(debug) } : { refused: 'has no symbols either' };
}

function otherBuild(own: string | undefined, its: string | undefined, objection: () => string | undefined) {
  if (own === undefined || its === undefined) return objection();
  return own === its ? undefined : 'is of another build';
}

const nothingInFile = 8;

/** Whether the file ends before what it says it holds, as a copy does that was broken off. */
function isCutOff(file: ElfFile): boolean {
  const end = file.source.size;
  if (file.sectionTableEnd > end) return true;
  return file.sections().some(({ type, offset, sizeBytes }) => type !== nothingInFile && offset + sizeBytes > end);
}
