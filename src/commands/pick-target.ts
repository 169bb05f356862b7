import { listProcesses } from '../collect/process/list-processes.ts';
import { type ResolvedTarget, resolveTarget } from '../collect/process/resolve-target.ts';
import { defaultSymbols, hasScreen } from './terminal.ts';
import { exitCodes, UserError } from './user-error.ts';

/**
 * The process that `-p TEXT` means; without TEXT, or when a name fits several, the one picked from a list. Undefined
 * when the user leaves the list. Throws a UserError when nothing fits or there is no terminal to pick on.
 */
export async function pickTarget(text: string | undefined): Promise<ResolvedTarget | undefined> {
  if (text === undefined) {
    if (!hasScreen())
      throw new UserError(
        'no target: give one with -p PID (a picker needs a terminal); see vdsotop --help',
        exitCodes.usage,
      );
    return pickFrom('');
  }
  const resolution = await resolveTarget(text);
  if (resolution.kind === 'found') return resolution;
  if (resolution.kind === 'error') throw new UserError(resolution.message, resolution.exitCode);
  if (!hasScreen()) {
    const pids = resolution.candidates.map(({ pid, comm }) => `${pid} (${comm})`).join(', ');
    throw new UserError(`'${text}' fits several processes: ${pids}; give one of these with -p PID`, exitCodes.usage);
  }
  return pickFrom(text);
}

async function pickFrom(filter: string): Promise<ResolvedTarget | undefined> {
  const { runPicker } = await import('../ui/run-picker.tsx');
  const pid = await runPicker(listProcesses, filter, { symbols: defaultSymbols() });
  return pid === undefined ? undefined : pickTarget(String(pid));
}
