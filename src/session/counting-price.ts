import type { Sampler } from '../collect/sampler.ts';
import type { Reading, TimingSample } from '../model.ts';

/** Enough batches for a median, in a moment nobody waits for. */
const pricing = { watched: true, rounds: 3, wallMs: 10 } as const;

/**
 * What counting adds to a clock syscall, in nanoseconds: our own price with the counters attached, less the one taken
 * before. Nearly all of it is the kernel's tracepoint path, which every process pays alike; the target pays some 10 ns
 * more (docs/benchmarks.md).
 */
export async function priceOfCounting(sampler: Sampler, unwatched: readonly TimingSample[]): Promise<Reading<number>> {
  const watched = await sampler.price(pricing);
  const before = syscallPrice(unwatched);
  const during = syscallPrice(watched);
  if (before === undefined || during === undefined)
    return { unavailable: 'failed', detail: 'no batch of clock syscalls was timed while counting' };
  return { value: Math.max(0, during - before), source: 'own clock syscalls, while counting and before' };
}

/** Median over all batches of clock_gettime by raw syscall. */
function syscallPrice(samples: readonly TimingSample[]): number | undefined {
  const prices = samples
    .filter(({ call, path }) => call === 'clock_gettime' && path === 'syscall')
    .flatMap(({ perCallNs }) => perCallNs)
    .sort((a, b) => a - b);
  return prices[Math.floor(prices.length / 2)];
}
