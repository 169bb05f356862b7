import type { ClockRead } from './clock-read.ts';
import { isUnavailable } from './known.ts';

/** Whether such reads may be made on the fast path, for all that is known: nothing looked for their calls, or not everywhere. */
export function isUnseen({ fn, tellsTime, hits, fast }: ClockRead): boolean {
  return tellsTime && !fn.startsWith('vsyscall_') && isUnavailable(hits) && fast.high > 0;
}
