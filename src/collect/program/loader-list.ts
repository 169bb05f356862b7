import { readlinkSync } from 'node:fs';
import { type DynamicModule, readDynamicModule } from '../../elf/dynamic-module.ts';
import type { ElfFile } from '../../elf/elf-file.ts';
import { type ElfWords, elfWords } from '../../elf/elf-words.ts';
import type { ReadBytes } from '../../elf/read-bytes.ts';
import { textAt } from '../../elf/text-at.ts';
import { windowedBytes } from '../../elf/windowed-bytes.ts';
import type { Unavailable } from '../../model/reading.ts';
import type { AuxiliaryVector } from '../process/auxv.ts';
import { withElfFile } from '../process/open-elf.ts';
import { errorText, unavailable } from '../reading.ts';
import type { LoadedModule } from './loaded-module.ts';

const [dynamicSegment, programHeadersSegment] = [2, 6];
const programHeadersType = 3;
const maxModules = 1_024;

/**
 * The modules in the order in which the loader looks a name up, from its own list in the target's memory (link.h,
 * r_debug): the program, preloaded libraries, what it needs breadth first; libraries loaded later follow. None for a
 * program without a dynamic section, whose names are all resolved.
 */
export function readLoaderList(
  directory: string,
  read: ReadBytes,
  auxv: AuxiliaryVector,
): Unavailable | readonly LoadedModule[] {
  const headersAt = Number(auxv.entries.get(programHeadersType) ?? 0n);
  const program = withElfFile(`${directory}/exe`, (file) => describeProgram(file, headersAt));
  if (program === undefined) return unavailable('unsupported', `${directory}/exe is not an ELF file`);
  if (program.dynamic === undefined) return [];
  const { words, machine, base, dynamicBytes, isLoader } = program;
  const dynamic = base + program.dynamic;
  const own = readDynamicModule({ read: windowedBytes(read), words, machine, dynamic, dynamicBytes, base });
  const debugAddress = isLoader ? ownList(own, base) : own?.debugAddress;
  if (own === undefined || debugAddress === undefined || debugAddress === 0)
    return unavailable('unsupported', `the loader of ${directory}/exe shows no list of modules (DT_DEBUG)`);
  const modules = walk(read, words, machine, debugAddress);
  if (modules.length === 0) return unavailable('failed', `the loader's list of modules could not be followed`);
  return isLoader ? modules : [{ name: exeName(directory), base, tables: own }, ...modules.slice(1)];
}

function describeProgram(file: ElfFile, headersAt: number) {
  const headers = file.segments.find(({ type }) => type === programHeadersSegment);
  const dynamic = file.segments.find(({ type }) => type === dynamicSegment);
  // They follow the header of the file, which a loader is mapped from the first byte of.
  const headersOffset = headers?.address ?? (file.bits === 64 ? 64 : 52);
  return {
    base: headersAt - headersOffset,
    /** Started as a command, with the program as its argument: only such a file has no PT_PHDR. */
    isLoader: headers === undefined,
    words: elfWords(file.bits, file.little),
    machine: file.machine,
    dynamic: dynamic?.address,
    dynamicBytes: dynamic?.fileBytes ?? 0,
  };
}

/** glibc's loader exports where its list is; musl's does not. */
function ownList(loader: DynamicModule | undefined, base: number): number | undefined {
  const [list] = loader?.define('_r_debug') ?? [];
  return list === undefined ? undefined : base + list.address;
}

/** struct r_debug: version, then the first struct link_map: address added, name, dynamic section, next. */
function walk(read: ReadBytes, words: ElfWords, machine: number, debugAddress: number): readonly LoadedModule[] {
  const modules: LoadedModule[] = [];
  const pointer = (at: number) => {
    const bytes = read(at, words.width);
    return bytes.length < words.width ? 0 : words.wide(bytes, 0);
  };
  const seen = new Set<number>();
  let at = pointer(debugAddress + words.width);
  for (let count = 0; at !== 0 && count < maxModules; count += 1) {
    // A list in a circle is none of a loader's.
    if (seen.has(at)) return [];
    seen.add(at);
    const bytes = read(at, 4 * words.width);
    if (bytes.length < 4 * words.width) return [];
    const [base, nameAt, dynamic, next] = [0, 1, 2, 3].map((index) => words.wide(bytes, index * words.width));
    const name = textAt(read(nameAt ?? 0, 1_024), 0, 1_024);
    const tables = readDynamicModule({
      read: windowedBytes(read),
      words,
      machine,
      dynamic: dynamic ?? 0,
      dynamicBytes: maxDynamicBytes,
      base: base ?? 0,
    });
    if (tables !== undefined) modules.push({ name, base: base ?? 0, tables });
    at = next ?? 0;
  }
  return modules;
}

/** One page: the section ends with DT_NULL, some forty entries in. */
const maxDynamicBytes = 4_096;

function exeName(directory: string): string {
  try {
    return readlinkSync(`${directory}/exe`, 'latin1');
  } catch (error) {
    return `${directory}/exe (${errorText(error)})`;
  }
}
