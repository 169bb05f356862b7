import type { Sampler } from '../collect/prices/sampler.ts';
import type { TimingSample } from '../model/prices.ts';
import type { Reading } from '../model/reading.ts';

/** Enough batches for a median, in a moment nobody waits for. */
const pricing = { watched: true, rounds: 3 } as const;

/**
 * What counting adds to a clock syscall, in nanoseconds: our own price with the counters attached, less the one taken
 * before. Nearly all of it is the kernel's tracepoint path, which every process pays alike; the target pays some 10 ns
 * more (docs/benchmarks.md).
 */
export async function priceOfCounting(sampler: Sampler, unwatched: readonly TimingSample[]): Promise<Reading<number>> {
  const watched = await sampler.price(pricing);
  const added = medianOf(clockIdsOf(unwatched).flatMap((id) => addedTo(id, unwatched, watched)));
  if (added === undefined)
    return { unavailable: 'failed', detail: 'no batch of clock syscalls was timed while counting' };
  if (added <= 0)
    return { unavailable: 'failed', detail: 'lost in the noise: a read was no dearer while it was counted' };
  return { value: added, source: 'own clock syscalls, while counting and before' };
}

function clockIdsOf(samples: readonly TimingSample[]): readonly (number | undefined)[] {
  return [...new Set(samples.filter(({ call }) => call === 'clock_gettime').map(({ clockId }) => clockId))];
}

/** Like is compared with like: the same clock before and while counting. Nothing where either was not timed. */
function addedTo(
  id: number | undefined,
  unwatched: readonly TimingSample[],
  watched: readonly TimingSample[],
): readonly number[] {
  const before = syscallPrice(unwatched, id);
  const during = syscallPrice(watched, id);
  return before === undefined || during === undefined ? [] : [during - before];
}

function syscallPrice(samples: readonly TimingSample[], id: number | undefined): number | undefined {
  const timed = samples.filter(
    ({ call, path, clockId }) => call === 'clock_gettime' && path === 'syscall' && clockId === id,
  );
  return medianOf(timed.flatMap(({ perCallNs }) => perCallNs));
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
