import { readDynamicSection } from '../../elf/dynamic-section.ts';
import type { CodeKind } from '../../model/call-sites.ts';
import type { Unavailable } from '../../model/reading.ts';
import { processDirectory } from '../process/process-directory.ts';
import { codeKind, isFile } from './code-kind.ts';
import type { CodeMapping } from './code-mapping.ts';
import { type ModuleCode, readModuleCode } from './module-code.ts';
import { createModuleFiles, type ModuleFiles } from './module-files.ts';
import { executableName, openModule } from './open-module.ts';
import { createSeparateSymbols } from './separate-symbols.ts';
import { readVdsoSource } from './vdso-source.ts';

/** What stands behind a mapping. */
export interface MappedModule {
  readonly kind: CodeKind;
  /** undefined for what has no file, whose file cannot be read, or is no ELF file. */
  readonly code: ModuleCode | undefined;
}

export interface ModuleCache {
  of(mapping: CodeMapping): MappedModule;
  /** As ModuleFiles has it. */
  readonly namings: number;
  /** Why code could not be read, the first such reason of each kind. */
  obstacles(): readonly Unavailable[];
  /** Closes the files; they are opened again where they are asked for. */
  clear(): void;
}

/** Open files at most of one process: those that read clocks are few. */
const maxFiles = 24;
/** Mappings that are remembered. */
const maxModules = 256;
const maxObstacles = 8;

/** `files`: those of several processes that map the same, each opened once; they are then not closed here. */
export function createModuleCache(pid: number, bits: 32 | 64, files?: ModuleFiles): ModuleCache {
  const opened = files ?? createModuleFiles(maxFiles);
  const modules = new Map<string, MappedModule>();
  const obstacles = new Map<string, Unavailable>();
  let executable: string | undefined;

  const note = (what: string, obstacle: Unavailable): void => {
    if (obstacles.size < maxObstacles) obstacles.set(what, obstacle);
  };
  const load = (mapping: CodeMapping, key: string): MappedModule => {
    const directory = processDirectory(pid);
    executable ??= executableName(directory);
    if (mapping.name === '[vdso]') return { kind: 'vdso', code: readVdso(directory, mapping) };
    const kind = codeKind(mapping, executable, undefined);
    if (kind !== 'executable' && !isFile(mapping)) return { kind, code: undefined };
    const file = opened.of(key, {
      open: () => openModule(directory, mapping),
      read: (source, onUnpacked) =>
        readModuleCode(source, (elf) => {
          // Who asks libc for the time is what is looked for: its own local functions may stay nameless.
          const mayUnpack = () => codeKind(mapping, executable ?? '', readDynamicSection(elf).soName) !== 'libc';
          return createSeparateSymbols(directory, mapping.name, elf, { mayUnpack, onUnpacked });
        }),
    });
    if ('value' in file) return { kind: codeKind(mapping, executable, file.value?.soName), code: file.value };
    note(file.unavailable, file);
    return { kind, code: undefined };
  };
  const readVdso = (directory: string, mapping: CodeMapping): ModuleCode | undefined => {
    const vdso = readVdsoSource(directory, mapping, bits);
    if (!('value' in vdso)) {
      note('vdso', vdso);
      return undefined;
    }
    if (vdso.value.assumed !== undefined) note('vdso', vdso.value.assumed);
    return readModuleCode(vdso.value.source);
  };
  return {
    get namings() {
      return opened.namings;
    },
    of(mapping) {
      const ofFile = isFile(mapping);
      const key = ofFile ? `${mapping.device} ${mapping.inode} ${mapping.name}` : mapping.range + mapping.name;
      const known = modules.get(key);
      // A file may have been closed meanwhile, to open another.
      if (known !== undefined && (!ofFile || known.code === undefined || opened.isOpen(key, known.code))) return known;
      const module = load(mapping, key);
      if (modules.size >= maxModules) modules.clear();
      modules.set(key, module);
      return module;
    },
    obstacles: () => [...obstacles.values()],
    clear() {
      modules.clear();
      if (files === undefined) opened.clear();
      obstacles.clear();
      executable = undefined;
    },
  };
}
