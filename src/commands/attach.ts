import { nativeLibrary } from '../native.ts';
import { type Session, startSession } from '../session.ts';
import type { WatchOptions } from './options.ts';
import { ownCommandLine } from './own-command-line.ts';
import { exitCodes, UserError } from './user-error.ts';
import { version } from './version.ts';

/** Starts a session as the options ask. Throws a UserError naming every path tried when the C library is not to be had. */
export function attach(pid: number, options: WatchOptions, startsWithExec = false): Session {
  try {
    nativeLibrary();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), exitCodes.unsupported);
  }
  const { counter, children, interval, fastCalls } = options;
  const commandLine = ownCommandLine(pid);
  const probes = { counter, children, fastCallsBudget: fastCalls };
  return startSession({ pid, ...probes, intervalMs: interval, version, commandLine, startsWithExec });
}
