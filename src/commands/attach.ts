import { type Session, startSession } from '../session.ts';
import type { WatchOptions } from './options.ts';
import { ownCommandLine } from './own-command-line.ts';
import { requireNativeLibrary } from './require-native-library.ts';
import { version } from './version.ts';

/** Starts a session as the options ask. Throws a UserError naming every path tried when the C library is not to be had. */
export function attach(pid: number, options: WatchOptions, startsWithExec = false): Session {
  requireNativeLibrary();
  const { counter, children, interval, fastCalls } = options;
  const commandLine = ownCommandLine(pid);
  const probes = { counter, children, fastCallsBudget: fastCalls };
  return startSession({ pid, ...probes, intervalMs: interval, version, commandLine, startsWithExec });
}
