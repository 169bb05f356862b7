import type { Reading } from '../../model/reading.ts';
import { available, unavailable } from '../reading.ts';
import { readHostFile } from './read-host-file.ts';

const switchOfX86 = '/proc/sys/abi/vsyscall32';

/**
 * Whether 32-bit programs that are started now get a vDSO. Any other value than 1 switches it off
 * (arch/x86/entry/vdso/vma.c, load_vdso32); the sysctl stands at vdso32= of the command line until it is written.
 */
export function readCompatVdso(path: string = switchOfX86): Reading<boolean> {
  const file = readHostFile(path, 'only kernels for x86-64 that run 32-bit programs have it');
  if ('unavailable' in file) return file;
  return /^-?\d+$/.test(file.value)
    ? available(Number(file.value) === 1, path)
    : unavailable('failed', `${path} holds no number: '${file.value}'`);
}
