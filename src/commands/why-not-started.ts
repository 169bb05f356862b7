import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The exit codes of every shell for a command that is not there, and for one that cannot be run (POSIX, 2.8.2). */
const notFound = 127;
const notExecutable = 126;

/** Why a command could not be started, with the exit code a shell would give; undefined when it can. */
export function whyNotStarted(command: string, path: string): { message: string; exitCode: number } | undefined {
  const candidates = command.includes('/')
    ? [command]
    : path.split(delimiter).map((folder) => join(folder || '.', command));
  const there = candidates.filter(isFile);
  if (there.length === 0)
    return { message: `no command '${command}': give its path, or a name found on PATH`, exitCode: notFound };
  if (there.some(isExecutable)) return undefined;
  return {
    message: `'${command}' may not be run: it lacks the permission to execute (chmod +x)`,
    exitCode: notExecutable,
  };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
