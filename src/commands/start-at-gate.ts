import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { originalEnvironment } from './original-environment.ts';
import { atGivenPriority } from './own-priority.ts';

/** Waits for a line on descriptor 3, so that the counters are attached before the command's first instruction. */
const gate = 'read -r _ <&3 || exit 125; exec 3<&-; exec "$@"';

/** A command that has a pid, and does not begin before it is let through. */
export interface GatedCommand {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  begin(): void;
  hasBegun(): boolean;
  isOver(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Sees to it that it never begins, or is asked to end, and waits for neither. */
  abandon(): void;
}

/** Its output goes to the descriptor, and it reads nothing, where one is given; else it has what vdsotop was given. */
export function startAtGate(command: readonly string[], output?: number): GatedCommand {
  const stdio =
    output === undefined
      ? (['inherit', 'inherit', 'inherit', 'pipe'] as const)
      : (['ignore', output, output, 'pipe'] as const);
  const child = atGivenPriority(() =>
    spawn('/bin/sh', ['-c', gate, 'sh', ...command], { stdio: [...stdio], env: originalEnvironment }),
  );
  const line = child.stdio[3] as Writable;
  // A child that was killed at the gate does not read it; its end is told by its exit status.
  line.on('error', () => {});
  let begun = false;
  const isOver = () => child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid,
    ended: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', () => resolve({ code: 127, signal: null }));
    }),
    begin() {
      begun = !isOver();
      line.end('go\n');
    },
    hasBegun: () => begun,
    isOver,
    kill(signal) {
      if (!isOver()) child.kill(signal);
    },
    abandon() {
      if (!isOver()) child.kill(begun ? 'SIGTERM' : 'SIGKILL');
      line.destroy();
      child.unref();
    },
  };
}
