import { readExecutable } from './executable.ts';

/** Word size of the program that a process runs, by its executable; undefined where that cannot be seen. */
export function bitsOf(pid: number): 32 | 64 | undefined {
  const { bits } = readExecutable(`/proc/${pid}`);
  return 'value' in bits ? bits.value : undefined;
}
