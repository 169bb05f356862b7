import type { WindowRate } from './window-rates.ts';

/**
 * Rates of threads add up where the threads live side by side. Where windows looked at more threads than lived at any moment,
 * some came after others: each is then there for its part of the time at most. At the least, all that came and went took
 * turns in one place, and the calls are theirs; at the most, what they call together.
 */
export function sideBySide(rate: WindowRate, mostThreads: number | undefined): WindowRate {
  const looked = rate.tids.size;
  if (mostThreads === undefined || mostThreads < 1 || looked <= mostThreads) return rate;
  const low = rate.low / (1 + looked - mostThreads);
  return { ...rate, value: Math.max(low, (rate.value * mostThreads) / looked), low };
}
