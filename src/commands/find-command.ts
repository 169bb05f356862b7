import { accessSync, constants, statSync } from 'node:fs';
import { commandCandidates } from './command-candidates.ts';

/** The file that is executed for a command; undefined where there is none that may be. */
export function findCommand(command: string, path: string): string | undefined {
  return commandCandidates(command, path).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
