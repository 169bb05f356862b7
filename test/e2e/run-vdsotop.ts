import { execFile, type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const vdsotop = join(import.meta.dirname, '../../bin/vdsotop');

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly error: string;
}

/** Runs the real program without a terminal, to its end. */
export function runVdsotop(args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  const result = spawnSync(vdsotop, args, { timeout: 60_000, input: '', ...options, encoding: 'utf8' });
  return { status: result.status, signal: result.signal, output: String(result.stdout), error: String(result.stderr) };
}

/** The same beside whatever the test does meanwhile. */
export function runVdsotopAsync(args: readonly string[]): Promise<Pick<Outcome, 'status' | 'output' | 'error'>> {
  return new Promise((resolve) => {
    execFile(vdsotop, [...args], { timeout: 60_000, maxBuffer: 1 << 26 }, (error, output, errors) =>
      resolve({ status: error === null ? 0 : Number(error.code), output, error: errors }),
    );
  });
}
