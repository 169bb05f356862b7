import type { CodeKind } from '../../model/call-sites.ts';
import type { Unavailable } from '../../model/reading.ts';
import { processDirectory } from '../process/process-directory.ts';
import { codeKind, isFile } from './code-kind.ts';
import type { CodeMapping } from './code-mapping.ts';
import type { FileSource } from './file-source.ts';
import { type ModuleCode, readModuleCode } from './module-code.ts';
import { executableName, openModule } from './open-module.ts';
import { createSeparateSymbols } from './separate-symbols.ts';
import { readVdsoSource } from './vdso-source.ts';

/** What stands behind a mapping. */
export interface MappedModule {
  readonly kind: CodeKind;
  /** undefined for what has no file, whose file cannot be read, or is no ELF file. */
  readonly code: ModuleCode | undefined;
  close(): void;
}

export interface ModuleCache {
  of(mapping: CodeMapping): MappedModule;
  /** Why code could not be read, the first such reason of each kind. */
  obstacles(): readonly Unavailable[];
  /** Closes the files; they are opened again where they are asked for. */
  clear(): void;
}

/** Open files at most: those that read clocks are few. */
const maxModules = 24;
const maxObstacles = 8;

export function createModuleCache(pid: number, bits: 32 | 64): ModuleCache {
  const modules = new Map<string, MappedModule>();
  const obstacles = new Map<string, Unavailable>();
  let executable: string | undefined;

  const note = (what: string, obstacle: Unavailable): void => {
    if (obstacles.size < maxObstacles) obstacles.set(what, obstacle);
  };
  const load = (mapping: CodeMapping): MappedModule => {
    const directory = processDirectory(pid);
    executable ??= executableName(directory);
    if (mapping.name === '[vdso]') return withoutFile('vdso', readVdso(directory, mapping));
    const kind = codeKind(mapping, executable, undefined);
    if (kind !== 'executable' && !isFile(mapping)) return withoutFile(kind, undefined);
    const file = openModule(directory, mapping);
    if ('value' in file) return withFile(directory, mapping, executable, file.value);
    note(file.unavailable, file);
    return withoutFile(kind, undefined);
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
    of(mapping) {
      const key = isFile(mapping) ? `${mapping.device} ${mapping.inode} ${mapping.name}` : mapping.range + mapping.name;
      const known = modules.get(key);
      const module = known ?? load(mapping);
      modules.delete(key);
      const [oldest] = modules;
      if (modules.size >= maxModules && oldest !== undefined) {
        oldest[1].close();
        modules.delete(oldest[0]);
      }
      modules.set(key, module);
      return module;
    },
    obstacles: () => [...obstacles.values()],
    clear() {
      for (const module of modules.values()) module.close();
      modules.clear();
      obstacles.clear();
      executable = undefined;
    },
  };
}

function withoutFile(kind: CodeKind, code: ModuleCode | undefined): MappedModule {
  return { kind, code, close: () => {} };
}

function withFile(directory: string, mapping: CodeMapping, executable: string, source: FileSource): MappedModule {
  const code = readModuleCode(source, (file) => createSeparateSymbols(directory, mapping.name, file));
  const kind = codeKind(mapping, executable, code?.soName);
  const close = (): void => {
    code?.close();
    source.close();
  };
  if (code !== undefined) return { kind, code, close };
  close();
  return withoutFile(kind, undefined);
}
