import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known, unavailable } from './known.ts';

/**
 * Threads that lived in a stretch, if only for a moment, of a tree those of all its processes: those there were at its
 * beginning, and those started since.
 */
export function livedThreads({ first, last }: Pick<Window, 'first' | 'last'>): Known<number> {
  const [activity, before, after] = [known(first.activity), known(first.entries), known(last.entries)];
  if (isUnavailable(activity)) return activity;
  if (isUnavailable(before)) return before;
  if (isUnavailable(after)) return after;
  if (before.started === undefined || after.started === undefined || before.opening !== after.opening)
    return unavailable(
      'absent',
      'threads that are started are counted by BPF alone, and by one counter for the whole window',
    );
  return activity.threadCount + Math.max(0, after.started - before.started);
}
