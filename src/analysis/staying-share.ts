import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import { allReads, type Basis } from './basis.ts';
import { fastReads } from './fast-reads.ts';
import { isUnavailable, mapKnown, orElse } from './known.ts';
import { clockReadTime } from './sampled-functions.ts';
import { fewSamples } from './sampled-time.ts';
import { clamp } from './statistics.ts';

/** A call that the vDSO hands on to the kernel takes up to so many nanoseconds there (fast-calls.ts, handedOnNs). */
const handedOnNs = { value: 5, high: 10 } as const;

/**
 * Part of one core that clock reads take which stay in the vDSO, by CPU sampling. Sampling alone finds too much there: while
 * breakpoints are hit, and of calls that come back from the kernel into it. So where it is known which reads stay there,
 * by their rate and price or by the clocks of the samples, their sum is a limit too, unless there are calls of which nothing
 * tells what they asked for, and more than a few samples; and where breakpoints were set on all there is to read a clock by, so
 * is the sum of the most that each read may take.
 */
export function stayingShare(basis: Basis): Known<Interval> {
  const handedOn = allReads(basis)
    .filter(({ fn }) => !fn.startsWith('vsyscall_'))
    .reduce((sum, { perSecond }) => sum + orElse(perSecond, 0) / 1e9, 0);
  const known = fastReads(basis).map(({ fastCoreShare }) => orElse(fastCoreShare, none));
  const bySamples = isUnavailable(basis.witnessed);
  const isMissed = allReads(basis).some(({ tellsTime, mayBeMissed }) => tellsTime && mayBeMissed);
  const tellsReads = !isMissed && (!bySamples || known.length > 0 || basis.interrupted.slots.length > 0);
  const sumOf = (part: 'value' | 'low') => known.reduce((sum, share) => sum + share[part], 0);
  const most = bySamples ? Number.POSITIVE_INFINITY : mostByCalls(basis);
  return mapKnown(basis.fastPath.time, (time) => {
    const { vdsoSamples } = time;
    const vdso = clockReadTime(time);
    const sampled = vdso.value - handedOn * handedOnNs.value;
    const byFewest = !bySamples && known.length > 0 && vdsoSamples < fewSamples;
    const value = byFewest ? sumOf('value') : bySamples && tellsReads ? Math.min(sampled, sumOf('value')) : sampled;
    const least = vdso.low - handedOn * handedOnNs.high;
    const low = Math.max(0, byFewest || tellsReads ? Math.min(least, sumOf('low')) : least);
    const high = Math.max(low, Math.min(vdso.high, most));
    return { value: clamp(value, { low, high }), low, high };
  });
}

function mostByCalls(basis: Basis): number {
  return allReads(basis)
    .filter(({ fn }) => fn !== 'clock_getres' && !fn.startsWith('vsyscall_'))
    .reduce((sum, { fastCoreShare }) => sum + orElse(fastCoreShare, unbounded).high, 0);
}

const none: Interval = { value: 0, low: 0, high: 0 };
const unbounded: Interval = { ...none, high: Number.POSITIVE_INFINITY };
