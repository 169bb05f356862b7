import { statSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import { commandCandidates } from './command-candidates.ts';
import { findCommand } from './find-command.ts';

/** The exit codes of every shell for a command that is not there, and for one that cannot be run (POSIX, 2.8.2). */
const notFound = 127;
const notExecutable = 126;

/** Why a command could not be started, with the exit code a shell would give; undefined when it can. */
export function whyNotStarted(command: string, path: string): { message: string; exitCode: number } | undefined {
  if (findCommand(command, path) !== undefined) return undefined;
  const looks = commandCandidates(command, path).map(look);
  if (looks.includes('file'))
    return {
      message: `'${command}' may not be run: it lacks the permission to execute (chmod +x)`,
      exitCode: notExecutable,
    };
  // A folder of PATH that may not be looked into is passed over, as by every shell.
  if (command.includes('/') && looks[0] !== 'none')
    return { message: `'${command}' cannot be run: ${looks[0]}`, exitCode: notExecutable };
  return { message: `no command '${command}': give its path, or a name found on PATH`, exitCode: notFound };
}

/** 'file', 'none', or why it cannot be told. */
function look(path: string): string {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? 'file' : 'none';
  } catch (error) {
    const { code = '', errno = 0 } = error as NodeJS.ErrnoException;
    return `${getSystemErrorMessage(errno)} (${code})`;
  }
}
