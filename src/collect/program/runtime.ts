import { basename } from 'node:path';
import type { ElfFile } from '../../elf/elf-file.ts';
import type { Runtime } from '../../model/program.ts';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { findText } from '../process/file-text.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { withElfFile } from '../process/open-elf.ts';
import { processFailure } from '../process/process-failure.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { exportedData } from './exported-data.ts';
import { readGoProgram } from './go-program.ts';
import { isLibcFile } from './is-libc-file.ts';
import { runtimeClockPath } from './runtime-clock-path.ts';
import { type RuntimeSign, runtimeSigns } from './runtime-signs.ts';

const interpreterSegment = 3;

/**
 * The language runtime a process runs on: Go by what its linker wrote, others by the file that holds them, Rust by its
 * compiler's mark. 'none' where the program's file was looked through and shows none of these.
 */
export function readRuntime(directory: string, files: Reading<readonly MappedFile[]>): Reading<Runtime> {
  if ('unavailable' in files) return files;
  const hosted = hostedRuntime(files.value);
  if (hosted !== undefined) return hosted;
  const path = `${directory}/exe`;
  try {
    return (
      withElfFile(path, (file) => compiledRuntime(file, path, files.value)) ??
      unavailable('unsupported', `${path} is not an ELF file`)
    );
  } catch (error) {
    return processFailure(path, error);
  }
}

/** A library says more than the program that loads it: Debian's `java` is a launcher, pyenv's python is one too. */
function hostedRuntime(files: readonly MappedFile[]): Reading<Runtime> | undefined {
  const libraries = files.filter(({ name }) => isLibrary(name));
  const programs = files.filter(({ name }) => !isLibrary(name));
  for (const sign of runtimeSigns) {
    for (const file of [...libraries, ...programs]) {
      const runtime = sign.file.test(basename(file.name)) ? confirmed(sign, file) : undefined;
      if (runtime !== undefined) return runtime;
    }
  }
  return undefined;
}

function isLibrary(name: string): boolean {
  return /\.so(\.|$)/.test(basename(name));
}

function confirmed(sign: RuntimeSign, { name, openPath, source }: MappedFile): Reading<Runtime> | undefined {
  try {
    return withElfFile(openPath, (file) =>
      exportedData(file, sign.symbol) === undefined
        ? undefined
        : toRuntime(sign.name, sign.version(file, name), source),
    );
  } catch (error) {
    return unavailable(
      'failed',
      `${cleanText(name)} looks like ${sign.name}, but reading ${cleanText(openPath)}: ${errorText(error)}`,
    );
  }
}

function compiledRuntime(file: ElfFile, path: string, files: readonly MappedFile[]): Reading<Runtime> {
  const go = readGoProgram(file);
  if (go !== undefined) return toRuntime('go', go.version, `${path}, section .go.buildinfo`, file.machine);
  const sections = file.sections().map(({ name }) => name);
  if (sections.includes('.note.go.buildid')) return toRuntime('go', undefined, `${path}, section .note.go.buildid`);
  const rust = findText(file, '.comment', 'rustc version', /rustc version ([\w.-]+)/)?.[1];
  if (rust !== undefined) return toRuntime('rust', rust, `${path}, section .comment`);
  // The standard library's panic messages name its source files, which no strip takes away.
  const panics = findText(file, '.rodata', '/rustc/', /\/rustc\/[0-9a-f]{40}\/library\//);
  if (panics !== undefined) return toRuntime('rust', undefined, `${path}, file names of Rust's library in .rodata`);
  if (runsAnother(file, files))
    return unavailable('unsupported', `${path} runs another program: its file is not told apart`);
  if (sections.length === 0) return unavailable('absent', `${path} is stripped of what would tell its language`);
  return available({ name: 'none' }, `${path} and the files it maps: no language runtime that is known here`);
}

/** valgrind, or a loader started as a command: without interpreter of its own, and yet there is a libc. */
function runsAnother(file: ElfFile, files: readonly MappedFile[]): boolean {
  return !file.segments.some(({ type }) => type === interpreterSegment) && files.some(({ name }) => isLibcFile(name));
}

function toRuntime(name: Runtime['name'], raw: string | undefined, source: string, machine?: number): Reading<Runtime> {
  const version = raw === undefined ? undefined : cleanText(raw, 64);
  const clockPath = runtimeClockPath(name, version, machine);
  return available({ name, ...(version && { version }), ...(clockPath !== undefined && { clockPath }) }, source);
}
