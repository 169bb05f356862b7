import type { ReadBytes } from '../../elf/read-bytes.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { Interposer } from '../../model/program.ts';
import type { Available, Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import type { AuxiliaryVector } from '../process/auxv.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { memoryFailure, withProcessMemory } from '../process/process-memory.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';
import { callingModules } from './calling-modules.ts';
import { interposersByFiles } from './interposers-by-files.ts';
import { interposersInOrder } from './interposers-in-order.ts';
import { interposersInSlots } from './interposers-in-slots.ts';
import { isLibcFile } from './is-libc-file.ts';
import { readLoaderList } from './loader-list.ts';

/** The hundred modules of a chromium have 0.7 MB of those that name something. More would keep the screen waiting. */
const maxRelocationBytes = 4 * 1024 * 1024;

/** What of a target the search for interposers takes. */
export interface InterposerNeeds {
  readonly directory: string;
  readonly linkage: Reading<'static' | 'dynamic'>;
  readonly files: Reading<readonly MappedFile[]>;
  readonly auxv: Reading<AuxiliaryVector>;
  readonly mappings: Reading<readonly Mapping[]>;
}

/**
 * The clock functions that another module than libc defines where lookups find it first: preloaded, linked before libc,
 * or the program's own. From the loader's list and the GOT in the target's memory; without permission for that, from files.
 */
export function readInterposers(needs: InterposerNeeds): Reading<readonly Interposer[]> {
  const { directory, linkage, files, auxv } = needs;
  if ('unavailable' in linkage) return linkage;
  if ('unavailable' in files) return files;
  if (linkage.value === 'static') return ofStatic(linkage.source, files);
  if ('unavailable' in auxv) return auxv;
  try {
    return withProcessMemory(directory, (read) => fromMemory(needs, read, files.value, auxv.value));
  } catch (error) {
    return isDenied(errorText(error)) ? interposersByFiles(directory, files.value) : memoryFailure(directory, error);
  }
}

/** valgrind is static, and loads the program it runs, with its libraries, beside itself. */
function ofStatic(source: string, files: Available<readonly MappedFile[]>): Reading<readonly Interposer[]> {
  const library = files.value.find(({ name }) => isLibcFile(name));
  if (library === undefined) return available([], `${source}: nothing is looked up at run time`);
  return unavailable(
    'unsupported',
    `${source}, and yet it maps ${cleanText(library.name)}: whose it is cannot be told`,
  );
}

function fromMemory(
  { directory, mappings }: InterposerNeeds,
  read: ReadBytes,
  files: readonly MappedFile[],
  auxv: AuxiliaryVector,
): Reading<readonly Interposer[]> {
  const listed = readLoaderList(directory, read, auxv);
  if ('unavailable' in listed) return listed;
  if (listed.length === 0) return available([], `${directory}/exe has no dynamic section: nothing is looked up`);
  // The loader keeps the name it searched by, which may be a link; maps has the file itself, and where it begins.
  const modules = listed.map((module) => ({
    ...module,
    name: files.find(({ name, start }) => name === module.name || start === module.base)?.name ?? module.name,
  }));
  if (!modules.some(({ name }) => isLibcFile(name)))
    return unavailable('unsupported', `the loader of ${directory}/exe lists no libc that is known here`);
  const relocationBytes = callingModules(modules).reduce((sum, { tables }) => sum + tables.relocationBytes, 0);
  if (relocationBytes > maxRelocationBytes)
    return unavailable(
      'unsupported',
      `${modules.length} modules with ${relocationBytes} bytes of relocations are too much`,
    );
  const vdso = 'value' in mappings ? mappings.value.find(({ name }) => name === '[vdso]') : undefined;
  const found = [...interposersInSlots({ modules, files, vdso }, read), ...interposersInOrder(modules)];
  return available(
    withoutDoubles(found),
    `${directory}/mem: the loader's list of ${modules.length} modules, and their GOT`,
  );
}

/** A slot proves more than the order does. */
function withoutDoubles(found: readonly Interposer[]): readonly Interposer[] {
  const seen = new Set<string>();
  return found.filter(({ symbol, module }) => {
    const key = `${symbol} ${module}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
