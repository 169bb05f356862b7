import type { Interval, Known } from '../model.ts';
import { allReads, type Basis } from './basis.ts';
import { fastReads } from './fast-reads.ts';
import { isUnavailable, mapKnown, orElse } from './known.ts';

/** A call that the vDSO hands on to the kernel takes up to so many nanoseconds there (fast-calls.ts, handedOnNs). */
const handedOnNs = { value: 5, high: 10 } as const;

/**
 * Part of one core that calls take which stay in the vDSO, by CPU sampling.
 * Sampling alone finds too much there while breakpoints are hit: where there are any, the low limit holds by rate and
 * price too.
 */
export function stayingShare(basis: Basis): Known<Interval> {
  const handedOn = allReads(basis)
    .filter(({ fn }) => !fn.startsWith('vsyscall_'))
    .reduce((sum, { perSecond }) => sum + orElse(perSecond, 0) / 1e9, 0);
  const byRate = isUnavailable(basis.witnessed)
    ? Number.POSITIVE_INFINITY
    : fastReads(basis).reduce((sum, { fastCoreShare }) => sum + lowOf(fastCoreShare), 0);
  return mapKnown(basis.fastPath.time, ({ vdso }) => ({
    value: Math.max(0, vdso.value - handedOn * handedOnNs.value),
    low: Math.max(0, Math.min(vdso.low - handedOn * handedOnNs.high, byRate)),
    high: vdso.high,
  }));
}

function lowOf(share: Known<Interval>): number {
  return isUnavailable(share) ? 0 : share.low;
}
