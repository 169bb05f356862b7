import type { Command } from 'commander';
import { exitCodes, UserError } from './user-error.ts';

/** The options that say how a process is watched, by the names of their values. */
const ofWatching: ReadonlySet<string> = new Set([
  'duration',
  'interval',
  'children',
  'counter',
  'fastCalls',
  'perfTrace',
  'force',
  'record',
  'trigger',
]);

/** Where only files are read, what is said of watching would go unheard. `instead`: what else to do than to leave it out. */
export function refuseUnheard(command: Command, instead: string): void {
  const given = command.options.find((option) => {
    const name = option.attributeName();
    return ofWatching.has(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (given !== undefined)
    throw new UserError(
      `${given.long} says how to watch a process, and a file is not watched: leave it out, or ${instead}`,
      exitCodes.usage,
    );
}
