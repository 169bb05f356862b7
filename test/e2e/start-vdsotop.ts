import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type Outcome, vdsotop } from './run-vdsotop.ts';

export interface Started {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly outcome: Promise<Outcome>;
}

/**
 * Starts the real program without a terminal, for a test that does something to it; by way of the command `under` where one
 * is given. It does not outlive the test.
 */
export function startVdsotop(args: readonly string[], under: readonly string[] = []): Started {
  const [command = '', ...all] = [...under, vdsotop, ...args];
  // In a session of its own: a terminal that the tests are run from would send its Ctrl-C to what vdsotop starts.
  const child = spawn(command, all, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const outcome = async () => {
    const [[status, signal], output, error] = await Promise.all([
      once(child, 'exit'),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { status, signal, output, error };
  };
  return { pid: child.pid ?? 0, kill: (signal) => child.kill(signal), outcome: outcome() };
}
