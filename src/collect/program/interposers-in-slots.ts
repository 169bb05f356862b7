import type { ElfWords } from '../../elf/elf-words.ts';
import type { ReadBytes } from '../../elf/read-bytes.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { Interposer } from '../../model/program.ts';
import { cleanText } from '../clean-text.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { callingModules } from './calling-modules.ts';
import { clockFunctions } from './clock-functions.ts';
import { isLibcFile } from './is-libc-file.ts';
import type { LoadedModule } from './loaded-module.ts';

/** What a slot's address is told by. */
export interface SlotTargets {
  readonly modules: readonly LoadedModule[];
  readonly files: readonly MappedFile[];
  readonly vdso: Mapping | undefined;
}

/** The clock functions that a module calls elsewhere than in libc, by the addresses that its GOT holds now. */
export function interposersInSlots(targets: SlotTargets, read: ReadBytes): readonly Interposer[] {
  const names = new Set(clockFunctions);
  return callingModules(targets.modules).flatMap((caller) =>
    caller.tables.slots(names).flatMap(({ symbol, address }) => {
      const target = readPointer(read, caller.base + address, caller.tables.words);
      // A loader at work has not yet added the base to every slot: such an address is not mapped.
      const module = read(target, 1).length === 0 ? undefined : holderOf(target, caller, symbol, targets);
      return module === undefined ? [] : [{ symbol, module: cleanText(module, 512), how: 'resolved-slot' as const }];
    }),
  );
}

/** 0 where it cannot be read, as a weak reference that nothing resolved has it. */
function readPointer(read: ReadBytes, at: number, words: ElfWords): number {
  const bytes = read(at, words.width);
  return bytes.length < words.width ? 0 : words.wide(bytes, 0);
}

/**
 * The file a slot leads to where that is an interposer's. A slot not used yet leads back into the caller (its PLT), one of
 * another module may lead to the PLT of a program at a fixed place, which leads on to libc.
 */
function holderOf(
  target: number,
  caller: LoadedModule,
  symbol: string,
  { modules, files, vdso }: SlotTargets,
): string | undefined {
  const file = files.find(({ ranges }) => ranges.some(({ start, end }) => target >= start && target < end));
  if (file === undefined) return isIn(target, vdso) ? undefined : 'memory that no file backs';
  if (isLibcFile(file.name) || file.name === caller.name) return undefined;
  const [program] = modules;
  const isProgram = program !== undefined && program.name === file.name;
  return isProgram && program.tables.define(symbol).length === 0 ? undefined : file.name;
}

function isIn(address: number, mapping: Mapping | undefined): boolean {
  if (mapping === undefined) return false;
  return address >= Number.parseInt(mapping.start, 16) && address < Number.parseInt(mapping.end, 16);
}
