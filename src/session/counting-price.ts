import { openKernelEntries } from '../collect/kernel-entries.ts';
import type { Sampler } from '../collect/sampler.ts';
import type { Reading, TimingSample } from '../model.ts';

/** Enough batches for a median, in a moment nobody waits for. */
const wallMs = 10;

/**
 * What being counted adds to one clock syscall, in nanoseconds: for a moment our own process is the target, and its
 * syscall price is compared with the one taken before anything was attached. It is what the target pays on this host.
 */
export async function priceOfCounting(sampler: Sampler, unwatched: readonly TimingSample[]): Promise<Reading<number>> {
  const counter = openKernelEntries({ pid: process.pid }, { method: 'auto' });
  const armed = counter.read();
  if ('unavailable' in armed) return armed;
  const watched = await sampler.price({ watched: true, wallMs });
  counter.close();
  const before = syscallPrice(unwatched);
  const during = syscallPrice(watched);
  if (before === undefined || during === undefined)
    return { unavailable: 'failed', detail: 'no batch of clock syscalls was timed while counting' };
  return { value: Math.max(0, during - before), source: `own clock syscalls, counted (${armed.value.method}) and not` };
}

/** Median over all batches of clock_gettime by raw syscall. */
function syscallPrice(samples: readonly TimingSample[]): number | undefined {
  const prices = samples
    .filter(({ call, path }) => call === 'clock_gettime' && path === 'syscall')
    .flatMap(({ perCallNs }) => perCallNs)
    .sort((a, b) => a - b);
  return prices[Math.floor(prices.length / 2)];
}
