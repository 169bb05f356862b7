import type { EntryCount } from '../../model/entries.ts';
import type { FastReadWitness, FastWindow } from '../../model/fast-reads.ts';

/** Adds up what the windows of a session saw. */
export interface FastTally {
  /** The windows of one round, one for each thread. A round in which no thread could be watched is none. */
  add(windows: readonly FastWindow[]): void;
  witness(): FastReadWitness;
}

export function createFastTally(): FastTally {
  const hits = new Map<string, EntryCount>();
  let rounds = 0;
  let boundedWindows = 0;
  let armedThreadMs = 0;
  return {
    add(windows) {
      for (const { armedMs, functions } of windows) {
        armedThreadMs += watchedMs(armedMs, functions);
        for (const { fn, hits: bySlot } of functions)
          for (const { slot, count } of bySlot) {
            const key = `${fn} ${slot}`;
            hits.set(key, { fn, slot, count: (hits.get(key)?.count ?? 0) + count });
          }
      }
      if (windows.length > 0) rounds += 1;
      if (windows.some(({ functions }) => functions.some(isBounded))) boundedWindows += 1;
    },
    witness: () => ({ hits: [...hits.values()], armedThreadMs, boundedWindows, windows: rounds }),
  };
}

function isBounded({ usedUpAfterMs }: FastWindow['functions'][number]): boolean {
  return usedUpAfterMs !== undefined;
}

/** A window in which every function used up its bound ended with the last of them. */
function watchedMs(armedMs: number, functions: FastWindow['functions']): number {
  return functions.every(isBounded) ? Math.max(...functions.map(({ usedUpAfterMs }) => usedUpAfterMs ?? 0)) : armedMs;
}
