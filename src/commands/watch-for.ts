import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';

/** The whole duration, or what there is of it when the target ends sooner. */
export async function watchFor(session: Session, durationMs: number): Promise<void> {
  await session.armed;
  // A timer that nobody waits for any more would keep the process until it fires: an hour, where that was the duration.
  const over = new AbortController();
  const slept = sleep(durationMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([slept, session.ended]);
  over.abort();
  await session.sampleNow();
}
