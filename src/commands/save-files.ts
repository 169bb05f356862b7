import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../capsule/write-private-file.ts';
import { printable } from '../view/printable.ts';
import { invokingUser } from './invoking-user.ts';
import { systemError } from './system-error.ts';

/** What a new file is to hold, and what its name ends with. */
export interface FileContent {
  readonly ending: string;
  readonly content: string | Uint8Array;
}

const mostOfOneName = 100;

/**
 * Writes files of one name into a folder, private and new; under a name with a number where it is taken, as when a moment
 * is saved twice. Answers their paths. Throws a UserError where one cannot be written.
 */
export function saveFiles(folder: string, name: string, files: readonly FileContent[]): readonly string[] {
  const endings = files.map(({ ending }) => ending);
  const base = join(folder, name);
  const numbered = Array.from({ length: mostOfOneName }, (_, index) => (index === 0 ? base : `${base}-${index + 1}`));
  const free = numbered.find((path) => !endings.some((ending) => exists(path + ending))) ?? base;
  for (const { ending, content } of files) saveFile(free + ending, content);
  return endings.map((ending) => free + ending);
}

/** Throws a UserError where the file is there already or cannot be written. */
export function saveFile(path: string, content: string | Uint8Array): void {
  try {
    writePrivateFile(path, [content], invokingUser());
  } catch (error) {
    throw systemError(error, `${printable(path)} cannot be created`);
  }
}

/** A link that leads nowhere is there too. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
