import type { ProcessOf } from '../tree/process-tree.ts';
import { createBusyThreads } from './busy-threads.ts';

/**
 * The threads of a round: at most `count`, the busiest, and where there are more threads one of all others in its turn, from
 * a random one on.
 */
export function createWatchedThreads(
  processOf: ProcessOf,
  count: number,
): (tids: readonly number[]) => readonly number[] {
  const busiest = createBusyThreads(processOf, count - 1);
  let turn = Math.floor(Math.random() * 1e6);
  return (tids) => {
    if (tids.length <= count) return tids;
    const picked = busiest(tids);
    const others = tids.filter((tid) => !picked.includes(tid));
    turn += 1;
    const guest = others[turn % others.length];
    return guest === undefined ? picked : [...picked, guest];
  };
}
