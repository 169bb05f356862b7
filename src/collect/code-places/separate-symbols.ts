import type { DebugSymbols } from '../../elf/debug-symbols.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import { hasLocalNames, type SymbolTable } from '../../elf/symbol-table.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { available } from '../reading.ts';
import { type DebugFile, findDebugFile } from './find-debug-file.ts';
import { readMiniDebugSymbols } from './mini-debug-symbols.ts';

/** Names of a file's functions that are kept elsewhere than in its tables; looked for at the first question. */
export interface SeparateSymbols extends SymbolTable {
  /** Why there are none, where they were asked for in vain. */
  lacking(): Unavailable | undefined;
  /** They are being unpacked: it is worth asking again a moment later. */
  pending(): boolean;
  close(): void;
}

export interface SeparateSymbolsOptions {
  /** Whether names are wanted enough to unpack them, which takes some time off everything else. */
  mayUnpack(): boolean;
  /** What was asked before may have another answer now. */
  onUnpacked(): void;
}

/** Of the file that the process of /proc/PID (`directory`) maps as `path`. None are sought for one that was not stripped. */
export function createSeparateSymbols(
  directory: string,
  path: string,
  file: ElfFile,
  { mayUnpack, onUnpacked }: SeparateSymbolsOptions,
): SeparateSymbols {
  let found: Reading<DebugFile> | undefined;
  let unpacks = false;

  const unpack = (missing: Unavailable): void => {
    const unpacking = mayUnpack() ? readMiniDebugSymbols(file) : undefined;
    if (unpacking === undefined) return;
    unpacks = true;
    unpacking.then((unpacked) => {
      // Closed meanwhile, and perhaps begun anew.
      if (found !== missing) return;
      unpacks = false;
      found = toReading(unpacked, missing);
      onUnpacked();
    });
  };
  const look = (): Reading<DebugFile> => {
    const debugFile = findDebugFile(directory, path, file);
    found = debugFile;
    if ('unavailable' in debugFile) unpack(debugFile);
    return debugFile;
  };
  return {
    find(address) {
      if (found === undefined && hasLocalNames(file)) return undefined;
      const symbols = found ?? look();
      return 'value' in symbols ? symbols.value.symbols.find(address) : undefined;
    },
    lacking: () => (found !== undefined && 'unavailable' in found ? found : undefined),
    pending: () => unpacks,
    close() {
      if (found !== undefined && 'value' in found) found.value.close();
      found = undefined;
      unpacks = false;
    },
  };
}

function toReading(unpacked: DebugSymbols, missing: Unavailable): Reading<DebugFile> {
  if ('refused' in unpacked)
    return { ...missing, detail: `${missing.detail}; its own .gnu_debugdata ${unpacked.refused}` };
  return available({ symbols: unpacked.symbols, close: () => {} }, '.gnu_debugdata');
}
