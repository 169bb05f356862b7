import type { ElfFile } from '../../elf/elf-file.ts';
import { hasLocalNames, type SymbolTable } from '../../elf/symbol-table.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { type DebugFile, findDebugFile } from './find-debug-file.ts';

/** Names of a file's functions that are kept elsewhere than in the file; looked for at the first question. */
export interface SeparateSymbols extends SymbolTable {
  /** Why there are none, where they were asked for in vain. */
  lacking(): Unavailable | undefined;
  close(): void;
}

/** Of the file that the process of /proc/PID (`directory`) maps as `path`. None are sought for one that was not stripped. */
export function createSeparateSymbols(directory: string, path: string, file: ElfFile): SeparateSymbols {
  let found: Reading<DebugFile> | undefined;
  return {
    find(address) {
      if (found === undefined && hasLocalNames(file)) return undefined;
      found ??= findDebugFile(directory, path, file);
      return 'value' in found ? found.value.symbols.find(address) : undefined;
    },
    lacking: () => (found !== undefined && 'unavailable' in found ? found : undefined),
    close() {
      if (found !== undefined && 'value' in found) found.value.close();
      found = undefined;
    },
  };
}
