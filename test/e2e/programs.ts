import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A real process under test, with everything it prints. */
export interface Program {
  readonly pid: number;
  readonly process: ChildProcess;
  /** Ends it by SIGTERM, waits, and answers what it printed. */
  end(): Promise<string>;
}

export const demoPath = join(import.meta.dirname, '../../dist/vdsotop-demo');

/** Starts a program; the caller ends it. */
export async function startProgram(
  path: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<Program> {
  const child = spawn(path, [...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const output: string[] = [];
  // Not inherited: one that outlives a test run which was killed would keep the runner waiting for its end.
  child.stderr?.pipe(process.stderr, { end: false });
  child.stdout?.on('data', (data) => output.push(String(data)));
  const closed = once(child, 'close');
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    process: child,
    async end() {
      child.kill('SIGTERM');
      await closed;
      return output.join('');
    },
  };
}
