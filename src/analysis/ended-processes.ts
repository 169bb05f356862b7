import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';

/**
 * Processes of a tree that ended in a stretch: those there were at its beginning and those started since, without those that are
 * left. Undefined where one process is watched, or those that are started are not counted.
 */
export function endedProcesses({ first, last }: Pick<Window, 'first' | 'last'>): number | undefined {
  const [before, after] = [known(first.entries), known(last.entries)];
  if (first.tree === undefined || last.tree === undefined) return undefined;
  if (isUnavailable(before) || isUnavailable(after) || before.opening !== after.opening) return undefined;
  if (before.startedProcesses === undefined || after.startedProcesses === undefined) return undefined;
  const started = Math.max(0, after.startedProcesses - before.startedProcesses);
  return Math.max(0, first.tree.processCount + started - last.tree.processCount);
}
