import type { Basis } from './basis.ts';
import { isUnavailable } from './known.ts';

/** Of a tree, threads of processes that ended are among them. 0 also where it is not known. */
export function endedThreads({ threads, livedThreads }: Pick<Basis, 'threads' | 'livedThreads'>): number {
  return isUnavailable(threads) || isUnavailable(livedThreads) ? 0 : Math.max(0, livedThreads - threads);
}
