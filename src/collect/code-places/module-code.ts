import type { ByteSource } from '../../elf/byte-source.ts';
import { readDynamicSection } from '../../elf/dynamic-section.ts';
import { type ElfFile, readElfFile } from '../../elf/elf-file.ts';
import { addressOfOffset } from '../../elf/file-address.ts';
import { createFrameTable } from '../../elf/frame-table.ts';
import { createSymbolTable, type ElfSymbol } from '../../elf/symbol-table.ts';
import { type UnwindRow, unwindRowAt } from '../../elf/unwind-row.ts';
import type { Unavailable } from '../../model/reading.ts';
import type { SeparateSymbols } from './separate-symbols.ts';

/** One file with code, or the vDSO image. Its addresses are those of the file; offsets those of its bytes. */
export interface ModuleCode {
  readonly machine: number;
  readonly soName: string | undefined;
  addressOf(fileOffset: number): number | undefined;
  symbolAt(address: number): ElfSymbol | undefined;
  /** How to leave the function at an address; undefined where the file does not say. */
  unwindRowAt(address: number): UnwindRow | undefined;
  read(fileOffset: number, length: number): Uint8Array;
  /** Why functions of it have no name, where a name was asked for in vain. */
  namesLacking(): Unavailable | undefined;
  /** Names of it are on their way. */
  namesPending(): boolean;
  close(): void;
}

/**
 * undefined for what is no ELF file. Tables are read when they are first needed; `separateOf` gives the names that are kept
 * elsewhere.
 */
export function readModuleCode(
  source: ByteSource,
  separateOf?: (file: ElfFile) => SeparateSymbols,
): ModuleCode | undefined {
  const file = readElfFile(source);
  if (file === undefined) return undefined;
  const symbols = lazily(() => createSymbolTable(file));
  const frames = lazily(() => createFrameTable(file));
  const separate = separateOf?.(file);
  const reaches = (symbol: ElfSymbol | undefined, address: number) =>
    symbol !== undefined && reachesAcross(symbol, frames().find(address)?.start);
  return {
    machine: file.machine,
    soName: readDynamicSection(file).soName,
    addressOf: (fileOffset) => addressOfOffset(file, fileOffset),
    symbolAt(address) {
      const own = symbols().find(address);
      if (own?.sized === true) return own;
      const [kept] = [separate?.find(address), own].filter((symbol) => reaches(symbol, address));
      return kept;
    },
    unwindRowAt: (address) => rowOf(file, frames().find(address), address),
    read: (offset, length) => source.read(offset, length),
    namesLacking: () => separate?.lacking(),
    namesPending: () => separate?.pending() ?? false,
    close: () => separate?.close(),
  };
}

/**
 * A symbol without size claims all up to the next one. Where .eh_frame has a later function begin there, the address is
 * that nameless function's.
 */
function reachesAcross(symbol: ElfSymbol, functionStart: number | undefined): boolean {
  return symbol.sized || functionStart === undefined || functionStart <= symbol.address;
}

function rowOf(file: ElfFile, entry: Parameters<typeof unwindRowAt>[0] | undefined, address: number) {
  return entry && unwindRowAt(entry, address, file.bits);
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
