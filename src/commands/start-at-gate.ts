import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { atGivenPriority } from '../collect/process/own-priority.ts';
import { originalEnvironment } from './original-environment.ts';

/** Waits for a line on descriptor 3, so that the counters are attached before the command's first instruction. */
const gate = 'read -r _ <&3 || exit 125; exec 3<&-; exec "$@"';

/** A command that has a pid, and does not begin before it is let through. */
export interface GatedCommand {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  begin(): void;
  hasBegun(): boolean;
  isOver(): boolean;
  /** False where it may not be sent one: by sudo, say, it has become another user's. */
  kill(signal: NodeJS.Signals): boolean;
  /** Sees to it that it never begins, or is asked to end, and waits for neither. */
  abandon(): void;
}

/**
 * Its output goes to the descriptor, and it reads nothing, where one is given; else it has what vdsotop was given. Rejects
 * with the system's error where it cannot be started.
 */
export async function startAtGate(command: readonly string[], output?: number): Promise<GatedCommand> {
  const child = atGivenPriority(() => spawnShell(command, output));
  // Also told of a signal that may not be sent, whenever that is; `kill` answers so.
  child.on('error', () => {});
  const ended: GatedCommand['ended'] = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await once(child, 'spawn');
  const line = child.stdio[3] as Writable;
  // A child that was killed at the gate does not read it; its end is told by its exit status.
  line.on('error', () => {});
  let begun = false;
  const isOver = () => child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid as number,
    ended,
    begin() {
      begun = !isOver();
      line.end('go\n');
    },
    hasBegun: () => begun,
    isOver,
    kill: (signal) => isOver() || child.kill(signal),
    abandon() {
      if (!isOver()) child.kill(begun ? 'SIGTERM' : 'SIGKILL');
      line.destroy();
      child.unref();
    },
  };
}

function spawnShell(command: readonly string[], output: number | undefined): ChildProcess {
  const stdio =
    output === undefined
      ? (['inherit', 'inherit', 'inherit', 'pipe'] as const)
      : (['ignore', output, output, 'pipe'] as const);
  return spawn('/bin/sh', ['-c', gate, 'sh', ...command], { stdio: [...stdio], env: originalEnvironment });
}
