import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import { rememberingOf } from './remembering-of.ts';

/** Calls of one kind that windows which count told apart; added up once for all kinds. */
export function sampledHits(counts: readonly FastWindow[], fn: EntryFunction, slot: ClockSlot): number {
  return addUp(counts).get(keyOf(fn, slot)) ?? 0;
}

const addUp = rememberingOf((counts: readonly FastWindow[]): ReadonlyMap<string, number> => {
  const hits = new Map<string, number>();
  for (const { functions } of counts)
    for (const { fn, sampled = [] } of functions)
      for (const { slot, count } of sampled) {
        const key = keyOf(fn, slot);
        hits.set(key, (hits.get(key) ?? 0) + count);
      }
  return hits;
});

/** A function that takes no clock id has one row. */
function keyOf(fn: EntryFunction, slot: ClockSlot): string {
  return fn === 'clock_gettime' ? `${fn} ${slot}` : fn;
}
