import type { CodeKind } from '../../model/call-sites.ts';
import type { CodeMapping } from './code-mapping.ts';

/** Shared libcs and the parts of old ones, by DT_SONAME: glibc, musl under its three names, uClibc, bionic. */
const libcNames = /^(libc\.so(\.\d+)?|libc\.musl-[\w-]+\.so\.1|ld-musl-[\w-]+\.so\.1|librt\.so\.1|libpthread\.so\.0)$/;
/** The same by file name, where a file cannot be read; glibc before 2.34 has its version there, klibc a hash. */
const libcFiles = /^(lib(c|rt|pthread)-2\.\d+\.so|libuClibc-[\d.]+\.so|klibc-[\w-]+\.so)$/;
/** Memory with a name that is no program's file: memfd, System V shared memory, /dev/zero, huge pages. */
const namelessFiles = /^(\/memfd:|\/SYSV|\/dev\/|\/\/anon|\/anon_hugepage)/;

/**
 * What kind of code a mapping holds. `executable` is the name of the running program's file as maps writes it, or ''. musl's
 * libc is its loader too: started as a command, it is the file that /proc/PID/exe names, and a libc all the same.
 */
export function codeKind(mapping: CodeMapping, executable: string, soName: string | undefined): CodeKind {
  const { name } = mapping;
  if (name === '[vdso]') return 'vdso';
  if (isFile(mapping) && isLibc(name, soName)) return 'libc';
  if (name === executable && name !== '') return 'executable';
  if (!isFile(mapping)) return 'anonymous';
  // Where nobody may say which file the program is, only a shared object's own name tells a library.
  return executable === '' && soName === undefined ? 'unknown' : 'library';
}

function isLibc(name: string, soName: string | undefined): boolean {
  const file =
    name
      .replace(/ \(deleted\)$/, '')
      .split('/')
      .at(-1) ?? '';
  return libcNames.test(soName ?? file) || libcFiles.test(file);
}

/** Whether a file stands behind a mapping whose bytes could name its code. */
export function isFile({ name, inode }: CodeMapping): boolean {
  return name.startsWith('/') && inode !== '0' && !namelessFiles.test(name);
}
