import { delimiter, join } from 'node:path';

/** Where a command may lie: its path, or its name in each folder of PATH in turn, as every shell looks for it. */
export function commandCandidates(command: string, path: string): readonly string[] {
  return command.includes('/') ? [command] : path.split(delimiter).map((folder) => join(folder || '.', command));
}
