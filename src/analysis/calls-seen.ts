import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Known, Unavailable } from '../model/reading.ts';
import { isWitnessed } from './is-witnessed.ts';
import { isUnavailable, known, mapKnown, unavailable } from './known.ts';
import type { Measurements } from './measurements.ts';
import { sampledHits } from './sampled-hits.ts';
import { hitsOf } from './witnessed-calls.ts';

const notWitnessed = unavailable('unsupported', 'vDSO calls of this function are not witnessed');

/** Caught at a breakpoint or, where none is ever hit, interrupted by a CPU sample: none of those is not none at all. */
export function callsSeen(measured: Measurements, fn: EntryFunction, slot: ClockSlot): Known<number> {
  const interrupted = measured.interrupted.count(fn, slot);
  if (interrupted > 0) return interrupted;
  if (!isWitnessed(measured.window, fn)) return notLookedFor(measured, fn);
  const { fastCounts } = measured.window;
  // Bursts show what they go on with where calls are counted to their end.
  const sampled = sampledHits(fastCounts, fn, slot);
  return mapKnown(measured.witnessed, ({ hits }) => {
    const told = hitsOf(hits, fn, slot) + sampled;
    // A function that takes no clock id needs no record of its calls.
    return told > 0 || fn === 'clock_gettime' ? told : countedHits(fastCounts, fn);
  });
}

function countedHits(counts: readonly FastWindow[], fn: EntryFunction): number {
  const hits = counts.flatMap(({ functions }) => functions.flatMap((one) => (one.fn === fn ? one.hits : [])));
  return hits.reduce((sum, { count }) => sum + count, 0);
}

/** Why no breakpoint looked for it, as far as that is told. */
function notLookedFor({ window: { last } }: Measurements, fn: EntryFunction): Unavailable {
  const witness = known(last.fastReads);
  const refused = isUnavailable(witness) ? undefined : witness.refused?.find((one) => one.fn === fn);
  return refused?.reason ?? notWitnessed;
}
