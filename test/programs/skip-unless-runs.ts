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

/** What the kernel does not run execvp gives to the shell, which ends with a status of its own. */
function tryToRun(): string | undefined {
  const { status } = spawnSync(buildProgram('answer', ['-m32', '-static']), [], { stdio: 'ignore' });
  return status === 42 ? undefined : 'this host does not run 32-bit programs';
}
