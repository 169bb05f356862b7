import type { CommandFacts } from '../collect/process/read-command.ts';
import { type Session, startSession } from '../session.ts';
import type { WatchOptions } from './options.ts';
import { ownCommandLine } from './own-command-line.ts';
import { requireNativeLibrary } from './require-native-library.ts';
import { version } from './version.ts';

/**
 * Starts a session as the options ask; `command`: of one that is about to be started in this process. Throws a UserError naming
 * every path tried when the C library is not to be had.
 */
export function attach(pid: number, options: WatchOptions, command?: CommandFacts): Session {
  requireNativeLibrary();
  const { counter, children, interval, fastCalls } = options;
  const commandLine = ownCommandLine(pid);
  const start = { startsWithExec: command !== undefined, command };
  const probes = { counter, children, fastCallsBudget: fastCalls };
  return startSession({ pid, ...probes, intervalMs: interval, version, commandLine, ...start });
}
