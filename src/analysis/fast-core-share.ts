import type { Interval } from '../model/interval.ts';
import { fewSamples } from './sampled-time.ts';
import { clamp } from './statistics.ts';

/** What tells of the part of a core that calls take in the vDSO. */
interface CoreShares {
  /** By how many there are. */
  readonly byCalls: Interval;
  /** By CPU samples, of which so many lie in [vdso]. */
  readonly bySamples: Interval | undefined;
  readonly vdsoSamples: number;
  /** Of calls that no window met, which may be of this kind, all of them. */
  readonly missed: Interval | undefined;
}

export function fastCoreShare({ byCalls, bySamples, vdsoSamples, missed }: CoreShares): Interval {
  const share = bySamples === undefined ? byCalls : joined(bySamples, byCalls, vdsoSamples);
  if (missed === undefined) return share;
  const { high } = missed;
  return within(share.value, { low: Math.min(byCalls.low, high), high });
}

/**
 * Samples tell the time itself, calls only how long they take elsewhere: but fewer than `fewSamples` in [vdso] tell little, and
 * none is not no time in it. Both are limits; where they exclude each other, the samples stand.
 */
function joined(sampled: Interval, byCalls: Interval, samples: number): Interval {
  const low = Math.max(sampled.low, byCalls.low);
  const high = Math.min(sampled.high, byCalls.high);
  if (low > high) return sampled;
  return within(samples >= fewSamples && sampled.value > 0 ? sampled.value : byCalls.value, { low, high });
}

function within(value: number, limits: Pick<Interval, 'low' | 'high'>): Interval {
  return { value: clamp(value, limits), ...limits };
}
