import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Known, Unavailable } from '../model/reading.ts';
import { isUnavailable, mapKnown, unavailable } from './known.ts';
import type { Measurements } from './measurements.ts';
import { sampledHits } from './sampled-hits.ts';
import { hitsOf } from './witnessed-calls.ts';

const notWitnessed = unavailable('unsupported', 'vDSO calls of this function are not witnessed');
const notEverywhere = unavailable('failed', 'breakpoints on this function were not set in every window');

/**
 * Caught at a breakpoint or, where none is ever hit, interrupted by a CPU sample: none of those is not none at all, nor is none
 * caught where a breakpoint was not always set.
 */
export function callsSeen(measured: Measurements, fn: EntryFunction, slot: ClockSlot): Known<number> {
  const interrupted = measured.interrupted.count(fn, slot);
  if (interrupted > 0) return interrupted;
  const how = measured.howWitnessed(fn);
  if (how === 'never') return refusalOf(measured, fn) ?? notWitnessed;
  const { fastCounts } = measured.window;
  // Bursts show what they go on with where calls are counted to their end.
  const sampled = sampledHits(fastCounts, fn, slot);
  return mapKnown(measured.witnessed, ({ hits }) => {
    const told = hitsOf(hits, fn, slot) + sampled;
    // A function that takes no clock id needs no record of its calls.
    const seen = told > 0 || fn === 'clock_gettime' ? told : countedHits(fastCounts, fn);
    return seen === 0 && how === 'partly' ? (refusalOf(measured, fn) ?? notEverywhere) : seen;
  });
}

function countedHits(counts: readonly FastWindow[], fn: EntryFunction): number {
  const hits = counts.flatMap(({ functions }) => functions.flatMap((one) => (one.fn === fn ? one.hits : [])));
  return hits.reduce((sum, { count }) => sum + count, 0);
}

/** Why a breakpoint did not look for it, as far as that is told. */
function refusalOf({ witnessed }: Measurements, fn: EntryFunction): Unavailable | undefined {
  return isUnavailable(witnessed) ? undefined : witnessed.refused.find((one) => one.fn === fn)?.reason;
}
