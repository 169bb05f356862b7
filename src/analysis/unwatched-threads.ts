import type { Interval } from '../model/interval.ts';
import type { FastEvidence } from './fast-evidence.ts';
import { isUnavailable, known, orElse } from './known.ts';
import { fewSamples } from './sampled-time.ts';
import { shareInterval, sum } from './statistics.ts';
import type { WindowRate } from './window-rates.ts';

/**
 * With what no window looked at. Threads that none looked at call as their samples in [vdso] say, or at most as all the CPU
 * time allows: also those that lived too shortly for either, of which there are some where more lived than were looked at.
 */
export function withUnwatched(caught: WindowRate, input: FastEvidence, price: Interval): Interval {
  const { threads, livedThreads, mostCalls, time } = input;
  const lived = isUnavailable(livedThreads) ? threads : livedThreads;
  if (!isUnavailable(lived) && caught.tids.size >= lived)
    return { ...caught, high: caught.high + (input.early * 1e9) / price.low };
  const perCpuTime = caught.value * asMuchPerCpuTime(caught, input, orElse(lived, caught.tids.size));
  if (isUnavailable(time)) {
    const high = Math.max(caught.high, mostCalls ?? Number.POSITIVE_INFINITY);
    return { value: Math.min(perCpuTime, high), low: caught.low, high };
  }
  const all = sum([...time.threads.values()]);
  const own = sum([...time.threads].filter(([tid]) => caught.tids.has(tid)).map(([, samples]) => samples));
  const others = all === 0 ? 0 : 1 - own / all;
  const { vdso, unsampled } = time;
  const cores = shareInterval(others, Math.max(1, all)).high * (vdso.high - unsampled.high) + unsampled.high;
  const high = caught.high + (cores * 1e9) / price.low;
  // By samples, and where they are few by the CPU time: a guess.
  const guess = own > 0 && time.vdsoSamples >= fewSamples ? caught.value / (1 - others) : perCpuTime;
  return { value: Math.min(guess, high), low: caught.low, high };
}

/**
 * How many times as much all threads call as those that were looked at, if they call alike for their CPU time. That is of
 * threads that have ended too: they do not count for more than their number.
 */
function asMuchPerCpuTime({ tids }: WindowRate, { window, looked }: FastEvidence, lived: number): number {
  const activity = known(window.last.activity);
  const own = looked.burntNs(tids);
  if (isUnavailable(activity) || own === 0) return 1;
  return Math.max(1, Math.min(lived / tids.size, activity.cpuTimeNs / own));
}
