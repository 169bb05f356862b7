import { basename } from 'node:path';
import { type DynamicModule, readDynamicModule } from '../../elf/dynamic-module.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import { elfWords } from '../../elf/elf-words.ts';
import { fileByAddress } from '../../elf/read-bytes.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { withElfFile } from '../process/open-elf.ts';
import type { LoadedModule } from './loaded-module.ts';

const dynamicSegment = 2;
const maxModules = 1_024;

/** The same order put together from files where memory may not be read, and what is mapped beside it. */
export interface FileOrder {
  readonly modules: readonly LoadedModule[];
  /** Mapped libraries that neither the program nor LD_PRELOAD asks for: loaded later, or preloaded in another way. */
  readonly others: readonly LoadedModule[];
}

/** `preloaded`: names as LD_PRELOAD has them. Throws as node:fs where the program cannot be read. */
export function orderFiles(files: readonly MappedFile[], exe: string, preloaded: readonly string[]): FileOrder {
  const modules = files.slice(0, maxModules).flatMap(({ name, openPath }) => {
    const tables = readFileTables(openPath);
    return tables === undefined ? [] : [{ name, base: 0, tables }];
  });
  const find = (wanted: string) =>
    modules.find(
      ({ name, tables }) => name === wanted || basename(name) === basename(wanted) || tables.soname === wanted,
    );
  const program = modules.find(({ name }) => name === exe);
  const order: LoadedModule[] = program === undefined ? [] : [program];
  const add = (wanted: string) => {
    const module = find(wanted);
    if (module !== undefined && !order.includes(module)) order.push(module);
  };
  preloaded.forEach(add);
  for (let at = 0; at < order.length; at += 1) order[at]?.tables.needed.forEach(add);
  return { modules: order, others: modules.filter((module) => !order.includes(module)) };
}

/** Tables that outlive the open file: everything asked of them here is asked at once, so it is opened anew each time. */
function readFileTables(path: string): DynamicModule | undefined {
  const ask = <T>(question: (tables: DynamicModule) => T): T | undefined => {
    try {
      return withElfFile(path, (file) => {
        const tables = tablesOf(file);
        return tables === undefined ? undefined : question(tables);
      });
    } catch {
      // A library that cannot be opened is not part of an order that files can tell.
      return undefined;
    }
  };
  const facts = ask(({ define: _define, slots: _slots, ...rest }) => rest);
  if (facts === undefined) return undefined;
  return {
    ...facts,
    define: (name) => ask((tables) => tables.define(name)) ?? [],
    slots: (names) => ask((tables) => tables.slots(names)) ?? [],
  };
}

function tablesOf(file: ElfFile): DynamicModule | undefined {
  const dynamic = file.segments.find(({ type }) => type === dynamicSegment);
  if (dynamic === undefined) return undefined;
  return readDynamicModule({
    read: fileByAddress(file),
    words: elfWords(file.bits, file.little),
    machine: file.machine,
    dynamic: dynamic.address,
    dynamicBytes: dynamic.fileBytes,
    base: 0,
  });
}
