import type { Interval } from '../model/interval.ts';
import type { FastEvidence } from './fast-evidence.ts';
import { isUnavailable } from './known.ts';
import { vdsoSamplesOf } from './sampled-time.ts';
import { shareInterval } from './statistics.ts';
import type { WindowRate } from './window-rates.ts';

/** Threads that no window looked at call as their samples in [vdso] say, or at most as all the CPU time allows. */
export function withUnwatched(caught: WindowRate, input: FastEvidence, price: Interval): Interval {
  const { threads, mostCalls, time } = input;
  if (!isUnavailable(threads) && caught.tids.size >= threads) return caught;
  const samples = vdsoSamplesOf(time);
  const all = [...samples.values()].reduce((sum, count) => sum + count, 0);
  const own = [...samples].filter(([tid]) => caught.tids.has(tid)).reduce((sum, [, count]) => sum + count, 0);
  if (isUnavailable(time)) return { ...caught, high: Math.max(caught.high, mostCalls ?? Number.POSITIVE_INFINITY) };
  const others = all === 0 ? 0 : 1 - own / all;
  const most = (shareInterval(others, Math.max(1, all)).high * time.vdso.high * 1e9) / price.low;
  const more = own > 0 ? (caught.value * others) / (1 - others) : 0;
  return { value: caught.value + Math.min(more, most), low: caught.low, high: caught.high + most };
}
