import { basename } from 'node:path';
import type { ElfFile } from '../../elf/elf-file.ts';
import type { Runtime } from '../../model/program.ts';
import { findText } from '../process/file-text.ts';
import { exportedData } from './exported-data.ts';

/** A runtime that a mapped file gives away: by its name, or by what the program itself exports. */
export interface RuntimeSign {
  readonly name: Runtime['name'];
  /** Name of a library, or of the program, that is this runtime. */
  readonly file: RegExp;
  /** What it exports: a name proves nothing. */
  readonly symbol: string;
  /** Version as that file has it. */
  readonly version: (file: ElfFile, path: string) => string | undefined;
}

export const runtimeSigns: readonly RuntimeSign[] = [
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
