import { basename } from 'node:path';
import type { ElfFile } from '../elf/elf-file.ts';
import type { Reading, Runtime } from '../model.ts';
import { cleanText } from './clean-text.ts';
import { exportedData } from './exported-data.ts';
import { findText } from './file-text.ts';
import { readGoProgram } from './go-program.ts';
import type { MappedFile } from './mapped-files.ts';
import { withElfFile } from './open-elf.ts';
import { processFailure } from './process-failure.ts';
import { available, errorText, unavailable } from './reading.ts';
import { runtimeClockPath } from './runtime-clock-path.ts';

/** A runtime that a mapped file gives away: by its name, or by what the program itself exports. */
interface Sign {
  readonly name: Runtime['name'];
  /** Name of a library, or of the program, that is this runtime. */
  readonly file: RegExp;
  /** What it exports: a name proves nothing. */
  readonly symbol: string;
  /** Version as that file has it. */
  readonly version: (file: ElfFile, path: string) => string | undefined;
}

const signs: readonly Sign[] = [
  {
    name: 'jvm',
    file: /^libjvm\.so$/,
    symbol: 'JNI_CreateJavaVM',
    // HotSpot's vm_version.cpp: 'OpenJDK 64-Bit Server VM (17.0.15+6) for linux-amd64 JRE (…)'.
    version: (file) => findText(file, '.rodata', ') for linux-', /\(([\w.+-]+)\) for linux-\w+ JRE/)?.[1],
  },
  {
    name: 'node',
    file: /^(node|nodejs|libnode\.so\..*)$/,
    symbol: 'node_module_register',
    // process.release.sourceUrl.
    version: (file) =>
      findText(file, '.rodata', 'nodejs.org/download/', /nodejs\.org\/download\/\w+\/v(\d+\.\d+\.\d+)/)?.[1],
  },
  {
    name: 'python',
    file: /^(python[23]?(\.\d+)?|libpython[23].*\.so.*)$/,
    symbol: 'Py_GetVersion',
    version: pythonVersion,
  },
  {
    name: 'ruby',
    file: /^(ruby[\d.]*|libruby.*\.so.*)$/,
    symbol: 'ruby_init',
    version: (file) => text(exportedData(file, 'ruby_version')),
  },
  // The path is …/erts-13.1.5/bin/beam.smp: the version of the emulator, not of OTP.
  {
    name: 'erlang',
    file: /^beam(\.smp)?$/,
    symbol: 'enif_alloc',
    version: (_file, path) => /\/erts-([\d.]+)\//.exec(path)?.[1],
  },
  {
    name: 'dotnet',
    file: /^libcoreclr\.so$/,
    symbol: 'coreclr_initialize',
    version: (_file, path) => /\/Microsoft\.NETCore\.App\/([\w.-]+)\//.exec(path)?.[1],
  },
];

/**
 * The language runtime a process runs on: Go by what its linker wrote, others by the file that holds them, Rust by its
 * compiler's mark. 'none' only where the program's own file still tells which compilers made it.
 */
export function readRuntime(directory: string, files: Reading<readonly MappedFile[]>): Reading<Runtime> {
  if ('unavailable' in files) return files;
  const hosted = hostedRuntime(files.value);
  if (hosted !== undefined) return hosted;
  const path = `${directory}/exe`;
  try {
    return (
      withElfFile(path, (file) => compiledRuntime(file, path)) ??
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
  for (const sign of signs) {
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

function confirmed(sign: Sign, { name, openPath, source }: MappedFile): Reading<Runtime> | undefined {
  try {
    return withElfFile(openPath, (file) =>
      exportedData(file, sign.symbol) === undefined
        ? undefined
        : toRuntime(sign.name, sign.version(file, name), source),
    );
  } catch (error) {
    return unavailable(
      'failed',
      `${cleanText(name)} looks like ${sign.name}, but reading ${openPath}: ${errorText(error)}`,
    );
  }
}

function compiledRuntime(file: ElfFile, path: string): Reading<Runtime> {
  const go = readGoProgram(file);
  if (go !== undefined) return toRuntime('go', go.version, `${path}, section .go.buildinfo`, file.machine);
  const sections = file.sections().map(({ name }) => name);
  if (sections.includes('.note.go.buildid')) return toRuntime('go', undefined, `${path}, section .note.go.buildid`);
  const rust = findText(file, '.comment', 'rustc version', /rustc version ([\w.-]+)/)?.[1];
  if (rust !== undefined) return toRuntime('rust', rust, `${path}, section .comment`);
  if (!sections.includes('.comment') && !sections.includes('.symtab'))
    return unavailable('absent', `${path} is stripped of what would tell its language`);
  return available({ name: 'none' }, `${path} and the files it maps: no language runtime that is known here`);
}

function toRuntime(name: Runtime['name'], raw: string | undefined, source: string, machine?: number): Reading<Runtime> {
  const version = raw === undefined ? undefined : cleanText(raw, 64);
  const clockPath = runtimeClockPath(name, version, machine);
  return available({ name, ...(version && { version }), ...(clockPath !== undefined && { clockPath }) }, source);
}

/** Py_Version is PY_VERSION_HEX, exported since 3.11 (Include/pylifecycle.h); before, the soname has the first two numbers. */
function pythonVersion(file: ElfFile, path: string): string | undefined {
  const bytes = exportedData(file, 'Py_Version');
  if (bytes !== undefined && bytes.length >= 4) {
    const hex = file.little ? bytes.readUInt32LE(0) : bytes.readUInt32BE(bytes.length - 4);
    return `${hex >>> 24}.${(hex >>> 16) & 0xff}.${(hex >>> 8) & 0xff}`;
  }
  return /python(\d\.\d+)/.exec(basename(path))?.[1];
}

function text(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('latin1').replace(/\0.*$/s, '');
}
