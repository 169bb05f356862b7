import type { Interval } from '../model/interval.ts';
import type { FastEvidence } from './fast-evidence.ts';
import { isUnavailable, orElse } from './known.ts';
import { shareInterval } from './statistics.ts';
import type { WindowRate } from './window-rates.ts';

/**
 * Threads that no window looked at call as their samples in [vdso] say, or at most as all the CPU time allows: also those
 * that lived too shortly for either, of which there are some where more lived than were looked at.
 */
export function withUnwatched(caught: WindowRate, input: FastEvidence, price: Interval): Interval {
  const { threads, livedThreads, mostCalls, time, cpuCores } = input;
  const lived = isUnavailable(livedThreads) ? threads : livedThreads;
  if (!isUnavailable(lived) && caught.tids.size >= lived) return caught;
  if (isUnavailable(time)) return { ...caught, high: Math.max(caught.high, mostCalls ?? Number.POSITIVE_INFINITY) };
  const all = sum([...time.threads.values()]);
  const own = sum([...time.threads].filter(([tid]) => caught.tids.has(tid)).map(([, samples]) => samples));
  const others = all === 0 ? 0 : 1 - own / all;
  const { vdso, unsampled } = time;
  const most = shareInterval(others, Math.max(1, all)).high * (vdso.high - unsampled.high) + unsampled.high;
  // As much as the others, by samples and by CPU time: a guess.
  const sampled = own > 0 ? caught.value / (1 - others) : caught.value;
  const cores = orElse(cpuCores, 0);
  const guess = cores > unsampled.value ? (sampled * cores) / (cores - unsampled.value) : sampled;
  const more = Math.min(guess - caught.value, (most * 1e9) / price.low);
  return { value: caught.value + more, low: caught.low, high: caught.high + (most * 1e9) / price.low };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
