import { printable } from '../view/printable.ts';
import { exitCodes, UserError } from './user-error.ts';

/**
 * Ends a command that failed: one line on standard error and the documented exit code, whatever text of a target or a file
 * is part of it. An error that nobody foresaw keeps its stack, because then it is ours to mend.
 */
export function reportFailure(error: unknown): void {
  if (error instanceof UserError) {
    const lines = [`vdsotop: ${error.message}`, ...error.place].map((line) => `${printable(line)}\n`);
    process.stderr.write(lines.join(''));
    process.exitCode = error.exitCode;
    return;
  }
  process.stderr.write(`vdsotop: unexpected failure, please report it: ${stackOf(error)}\n`);
  // A live screen may still be open, and would keep the process: its own exit handler gives the terminal back.
  process.exit(exitCodes.unsupported);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
