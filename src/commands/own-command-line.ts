import { resolve } from 'node:path';

/** Characters that no shell takes for anything but themselves. */
const plain = /^[\w@%+=:,./-]+$/;

/**
 * How this vdsotop was called, as a line for a shell: what a remedy tells to run again, with its path, because sudo's
 * secure_path knows no checkout. Without a target on it (the picker), the one that was picked; demo starts its own.
 */
export function ownCommandLine(pid: number): string {
  const program = resolve(import.meta.dirname, '../bin/vdsotop');
  const given = process.argv.slice(2);
  const namesTarget = given[0] === 'demo' || given.some((arg) => arg === '--' || /^(-p|--pid)/.test(arg));
  const args = namesTarget ? given : [...given, '-p', String(pid)];
  return [program, ...args].map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
