import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';

/** Runs a program to its end and answers what it printed; throws with its own words. */
export function run(
  command: string,
  args: readonly string[],
  options: Pick<ExecFileSyncOptions, 'cwd' | 'env' | 'input'> = {},
): string {
  try {
    return execFileSync(command, [...args], { stdio: 'pipe', maxBuffer: 1 << 28, ...options, encoding: 'utf8' });
  } catch (error) {
    const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
    throw new Error(`${command} failed: ${stderr.trim().split('\n').slice(-3).join(' ') || message}`);
  }
}
