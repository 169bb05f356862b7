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
  const process = spawn(path, [...args], { stdio: ['ignore', 'pipe', 'inherit'], ...options });
  const output: string[] = [];
  process.stdout?.on('data', (data) => output.push(String(data)));
  const closed = once(process, 'close');
  await once(process, 'spawn');
  return {
    pid: process.pid ?? 0,
    process,
    async end() {
      process.kill('SIGTERM');
      await closed;
      return output.join('');
    },
  };
}
