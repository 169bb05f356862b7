import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';

/** The whole duration, or what there is of it when the target ends or `interrupted` settles sooner. */
export async function watchFor(
  session: Session,
  durationMs: number,
  interrupted: Promise<void> = new Promise(() => {}),
): Promise<void> {
  await Promise.race([session.armed, interrupted]);
  // Interrupted before anything was counted: a sample now would be one of counters that are not armed.
  if (session.report() === undefined) return;
  // A timer that nobody waits for any more would keep the process until it fires: an hour, where that was the duration.
  const over = new AbortController();
  const slept = sleep(durationMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([slept, session.ended, interrupted]);
  over.abort();
  await session.sampleNow();
}
