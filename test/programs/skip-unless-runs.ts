import { spawnSync } from 'node:child_process';
import { skipUnless } from '../skip-unless.ts';
import { buildProgram } from './build.ts';

let answer: { readonly why: string | undefined } | undefined;

/** Why this host runs no 32-bit program: some kernels are built, started or virtualised without; undefined where it does. */
export function why32BitCannotRun(): string | undefined {
  answer ??= { why: tryToRun() };
  return answer.why;
}

/**
 * Ends the running test as skipped, with its reason, where this host does not run what is built with these flags. To be
 * called before the program is started.
 */
export function skipUnlessRuns(flags: readonly string[]): void {
  const why = flags.includes('-m32') ? why32BitCannotRun() : undefined;
  skipUnless(why === undefined, why ?? '');
}

/** A program that waits runs until it is ended; what is not run is given to the shell by execvp, which ends at once. */
function tryToRun(): string | undefined {
  const { signal } = spawnSync(buildProgram('wait', ['-m32', '-static']), [], { timeout: 300, stdio: 'ignore' });
  return signal === null ? 'this host does not run 32-bit programs' : undefined;
}
