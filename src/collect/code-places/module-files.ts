import type { Reading } from '../../model/reading.ts';
import { available } from '../reading.ts';
import type { FileSource } from './file-source.ts';
import type { ModuleCode } from './module-code.ts';

/** Files with code that are open, a bounded number of them; processes that map the same file share it. */
export interface ModuleFiles {
  /**
   * The code behind a key of device, inode and name: while a file is open its inode is nobody else's. Valid until another
   * one is asked for. Undefined for what is no ELF file; that, and what cannot be opened, is not remembered.
   */
  of(key: string, file: FileToOpen): Reading<ModuleCode | undefined>;
  /** Whether that code can still be read, and is not of a file that was closed to open another. */
  isOpen(key: string, code: ModuleCode): boolean;
  /** Counts the files whose names came later than they were asked for: what was concluded without them no longer holds. */
  readonly namings: number;
  /** Closes all; they are opened again where they are asked for. */
  clear(): void;
}

/** How a file is opened and read where it is not open yet. */
export interface FileToOpen {
  open(): Reading<FileSource>;
  /** `onUnpacked` is called where names came later than they were asked for. */
  read(source: FileSource, onUnpacked: () => void): ModuleCode | undefined;
}

interface OpenFile {
  readonly code: ModuleCode;
  readonly path: string;
  close(): void;
}

export function createModuleFiles(most: number): ModuleFiles {
  const files = new Map<string, OpenFile>();
  let namings = 0;
  const countNaming = (): void => {
    namings += 1;
  };
  /** Those asked for last are closed last. */
  const touch = (key: string) => {
    const file = files.get(key);
    if (file === undefined) return undefined;
    files.delete(key);
    files.set(key, file);
    return file;
  };
  const makeRoom = () => {
    const [oldest] = files;
    if (files.size < most || oldest === undefined) return;
    oldest[1].close();
    files.delete(oldest[0]);
  };
  return {
    of(key, { open, read }) {
      const known = touch(key);
      if (known !== undefined) return available(known.code, known.path);
      const source = open();
      if ('unavailable' in source) return source;
      const code = read(source.value, countNaming);
      if (code === undefined) {
        source.value.close();
        return available(undefined, source.source);
      }
      makeRoom();
      files.set(key, {
        code,
        path: source.source,
        close() {
          code.close();
          source.value.close();
        },
      });
      return available(code, source.source);
    },
    get namings() {
      return namings;
    },
    isOpen: (key, code) => touch(key)?.code === code,
    clear() {
      for (const file of files.values()) file.close();
      files.clear();
    },
  };
}
