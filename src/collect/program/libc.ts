import type { ElfFile } from '../../elf/elf-file.ts';
import type { Libc } from '../../model/program.ts';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { findText, holdsNames } from '../process/file-text.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { withElfFile } from '../process/open-elf.ts';
import { processFailure } from '../process/process-failure.ts';
import { available, unavailable } from '../reading.ts';
import { readGoProgram } from './go-program.ts';
import { libcOfName } from './libc-name.ts';

/**
 * The libc a process runs on. Of a dynamic program it is the file it maps; a static one may map a libc too (glibc's NSS
 * does) but calls its own. 'unknown' where a stripped file does not tell, 'none' only where the file shows that it has none.
 */
export function readLibc(
  directory: string,
  linkage: Reading<'static' | 'dynamic'>,
  files: Reading<readonly MappedFile[]>,
): Reading<Libc> {
  if ('unavailable' in linkage) return linkage;
  if (linkage.value === 'static') return readStaticLibc(`${directory}/exe`);
  if ('unavailable' in files) return files;
  for (const file of files.value) {
    const name = libcOfName(file.name);
    if (name !== undefined) return readSharedLibc(name, file);
  }
  return available({ name: 'unknown' }, `${files.source} shows no libc that is known here`);
}

function readSharedLibc(name: Libc['name'], { name: path, openPath, source }: MappedFile): Reading<Libc> {
  try {
    const version = withElfFile(openPath, (file) => sharedVersions[name]?.(file, path));
    return available({ name, ...(version !== undefined && { version }), path: cleanText(path, 512) }, source);
  } catch (error) {
    // The name alone says which libc it is; a file that cannot be opened only keeps its version.
    const { detail } = processFailure(openPath, error);
    return available({ name, path: cleanText(path, 512) }, `${source} (${detail})`);
  }
}

/** Where each libc writes its version in the file itself. */
const sharedVersions: { readonly [N in Libc['name']]?: (file: ElfFile, path: string) => string | undefined } = {
  glibc: (file) => glibcBanner(file),
  // The loader prints 'Version %s' of version.h; it stands alone among the read-only strings.
  musl: (file) => findText(file, '.rodata', '\x001.', /\x00(1\.[0-9]\.[0-9]{1,2})\x00/)?.[1],
  uclibc: (_file, path) => /-(\d+\.\d+\.\d+)\.so/.exec(path)?.[1],
};

/** csu/version.c: 'GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.' */
function glibcBanner(file: ElfFile): string | undefined {
  return findText(file, '.rodata', 'GNU C Library', /GNU C Library [^\x00]*?release version (\d+\.\d+)/)?.[1];
}

/** Functions that only this libc has, which every program linked with it statically holds. */
const staticMarks: readonly { readonly name: Libc['name']; readonly symbols: readonly string[] }[] = [
  { name: 'glibc', symbols: ['__libc_start_main', '__libc_setup_tls', '_dl_aux_init'] },
  { name: 'musl', symbols: ['__libc_start_main', '__init_libc', '__init_tp'] },
  { name: 'dietlibc', symbols: ['__you_tried_to_link_a_dietlibc_object_against_glibc'] },
  { name: 'uclibc', symbols: ['__uClibc_main'] },
  { name: 'klibc', symbols: ['__libc_init', '__page_shift', '__page_size'] },
];

/** Linker sections that glibc makes for its own use; strip leaves them. */
const glibcSections = ['__libc_IO_vtables', '__libc_freeres_fn', '__libc_atexit'];
/** One of these is in every program that has a libc, by whatever name it goes. */
const anyLibc = ['exit', 'environ'];

function readStaticLibc(path: string): Reading<Libc> {
  try {
    return (
      withElfFile(path, (file) => staticLibc(file, path)) ?? unavailable('unsupported', `${path} is not an ELF file`)
    );
  } catch (error) {
    return processFailure(path, error);
  }
}

function staticLibc(file: ElfFile, path: string): Reading<Libc> {
  const marked = staticMarks.find(({ symbols }) => holdsNames(file, '.strtab', symbols));
  if (marked !== undefined) return named(marked.name, file, `${path}: symbol ${marked.symbols.at(-1)}`);
  const sections = file.sections().map(({ name }) => name);
  const section = glibcSections.find((name) => sections.includes(name));
  if (section !== undefined) return named('glibc', file, `${path}: section ${section}`);
  if (sections.includes('.note.android.ident')) return named('bionic', file, `${path}: section .note.android.ident`);
  if (isGoWithoutCgo(file, sections)) return available({ name: 'none' }, `${path}: Go, built without cgo`);
  if (sections.includes('.symtab') && !anyLibc.some((name) => holdsNames(file, '.strtab', [name])))
    return available({ name: 'none' }, `${path}: its symbols are of no libc`);
  return available(
    { name: 'unknown' },
    `${path}: ${sections.includes('.symtab') ? 'no mark of a known libc' : 'stripped'}`,
  );
}

function named(name: Libc['name'], file: ElfFile, source: string): Reading<Libc> {
  const version = name === 'glibc' ? glibcBanner(file) : undefined;
  return available({ name, ...(version !== undefined && { version }) }, source);
}

/** Either the build says so, or the symbols have no entry point of runtime/cgo. */
function isGoWithoutCgo(file: ElfFile, sections: readonly string[]): boolean {
  const go = readGoProgram(file);
  if (go === undefined) return false;
  return go.cgo === false || (sections.includes('.symtab') && !holdsNames(file, '.strtab', ['x_cgo_init']));
}
