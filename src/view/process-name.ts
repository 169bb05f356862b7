import { printable } from './printable.ts';

/** What a process or thread calls itself, or '(unnamed)' where nothing of it can be shown: prctl(PR_SET_NAME) takes any bytes. */
export function processName(comm: string): string {
  return printable(comm).trim() === '' ? '(unnamed)' : comm;
}
