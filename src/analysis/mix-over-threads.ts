import type { Interval } from '../model/interval.ts';
import { shareInterval } from './statistics.ts';

/**
 * The limits of a part of all calls, where threads differ in their own parts of it and a few CPU samples alone tell which of
 * them calls how much: one sample of one thread does not mean that the other calls nothing. As wide as before where all
 * threads are alike.
 */
export function mixOverThreads(share: Interval, ofThreads: readonly number[], samples: number): Interval {
  const [least, most] = [Math.min(...ofThreads), Math.max(...ofThreads)];
  const apart = most - least;
  if (!(apart > 0)) return share;
  const { low, high } = shareInterval(Math.min(1, Math.max(0, (share.value - least) / apart)), samples);
  return {
    value: share.value,
    low: Math.min(share.low, least + apart * low),
    high: Math.max(share.high, least + apart * high),
  };
}
