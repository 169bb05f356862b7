import { listDescendants } from '../process/list-descendants.ts';

/** A tree that forks all the time shows another process at each look. */
const mostLooks = 8;

/**
 * Adds a process and all below it. One that was not yet watched may have started another meanwhile: looks again until all
 * that are new were watched before, by the kernel, which adds the children of those that are. False where that was not so
 * in the end, and there may be more of them. `add` answers whether a process was not watched before.
 */
export function watchTree(pid: number, add: (pid: number) => boolean, list = listDescendants): boolean {
  const seen = new Set<number>();
  for (let look = 0; look < mostLooks; look += 1) {
    const fresh = [pid, ...list(pid)].filter((one) => !seen.has(one));
    for (const one of fresh) seen.add(one);
    if (fresh.filter(add).length === 0) return true;
  }
  return false;
}
