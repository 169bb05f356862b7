import { basename } from 'node:path';
import { libcOfName } from './libc-name.ts';

/** Other files of a libc that define clock functions: the loader, and librt and libpthread of glibc before 2.34. */
const libcCompanion = /^(ld-linux[\w-]*|ld64|ld|librt|libpthread)(-[\d.]+)?\.so[\d.]*$/;

/** Whether a shared file is a libc or belongs to one, by its path. */
export function isLibcFile(path: string): boolean {
  return libcOfName(path) !== undefined || libcCompanion.test(basename(path)) || basename(path) === 'libc.so';
}
