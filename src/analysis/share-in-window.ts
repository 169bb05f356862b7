import type { Window } from '../model/snapshot.ts';

/** Part of one core in the window; before there is one, of all the time since attach, of which most goes into attaching. */
export function shareInWindow({ first, last }: Window, timeNs: (cost: Window['last']['cost']) => number): number {
  const windowNs = (last.elapsedMs - first.elapsedMs) * 1e6;
  if (windowNs > 0) return Math.max(0, timeNs(last.cost) - timeNs(first.cost)) / windowNs;
  const sinceAttachNs = last.elapsedMs * 1e6;
  return sinceAttachNs > 0 ? timeNs(last.cost) / sinceAttachNs : 0;
}
