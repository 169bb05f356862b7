import type { Session } from '../session.ts';
import { exitCodes, UserError } from './user-error.ts';

/**
 * Runs perf trace beside the exact counter and prints both on standard error; refuses a hot target without --force. Of a
 * trace that was interrupted nothing is told: Ctrl-C cuts perf short too, and its counts are of an unknown time.
 */
export async function tracePerf(
  session: Session,
  seconds: number,
  force: boolean,
  interrupted: Promise<void>,
): Promise<void> {
  const warning = session.perfTraceWarning(seconds);
  if (!force && !session.perfTraceAllowed())
    throw new UserError(`--perf-trace refused: ${warning}; add --force to do it all the same`, exitCodes.usage);
  const result = await Promise.race([session.perfTrace(seconds), interrupted]);
  if (result === undefined) return;
  const { perfTraceText } = await import('../view/perf-trace.ts');
  process.stderr.write(`${perfTraceText(result)}\n`);
}
