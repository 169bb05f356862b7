import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readBytes, readText } from '../read-file.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

const maxArguments = 256;
const readLimit = 64 * 1024;

/** The arguments of a program as it has them now, clean; the source says so where there are more than are given. */
export function readCommandLine(directory: string): Reading<readonly string[]> {
  const path = `${directory}/cmdline`;
  try {
    const bytes = readBytes(path, readLimit);
    const all = splitArguments(bytes);
    if (all.length === 0 && !hasMemory(directory))
      return unavailable('absent', `${path} is empty: no user space there`);
    const given = all.slice(0, maxArguments).map((argument) => cleanText(argument, 1_024));
    const more = given.length < all.length || bytes.length === readLimit;
    return available(given, more ? `${path} (the first ${given.length} arguments)` : path);
  } catch (error) {
    return processFailure(path, error);
  }
}

/** NUL ends each. A program that sets its title leaves more NULs behind it: those are not arguments. */
function splitArguments(bytes: Buffer): readonly Buffer[] {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  if (end === 0) return [];
  const text = bytes.toString('latin1', 0, end);
  return text.split('\0').map((part) => Buffer.from(part, 'latin1'));
}

/** A program may have no argument at all; a kernel thread and a zombie have no memory to hold one. */
function hasMemory(directory: string): boolean {
  return !readText(`${directory}/statm`).startsWith('0 ');
}
