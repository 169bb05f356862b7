import type { CommandFacts } from '../collect/process/read-command.ts';
import type { TargetFacts } from '../model/target.ts';

/** The command with what was known of it from the start, where it was over before that could be read; else the same object. */
export function withCommand(target: TargetFacts, command: CommandFacts): TargetFacts {
  const lacking = Object.entries(command).filter(([name]) => isAbsent(target[name as keyof CommandFacts]));
  return lacking.length === 0 ? target : { ...target, ...Object.fromEntries(lacking) };
}

function isAbsent(fact: TargetFacts[keyof CommandFacts]): boolean {
  return 'unavailable' in fact && fact.unavailable === 'absent';
}
