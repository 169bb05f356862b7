import type { Evidence } from '../../model/findings.ts';
import type { Interval } from '../../model/interval.ts';
import type { PriceNs } from '../../model/prices.ts';
import type { ClockRead } from '../clock-read.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { isUnavailable, orElse } from '../known.ts';
import { namesPhrase, secondsPhrase, timesPhrase } from '../phrase.ts';
import { contradicts, supports } from '../rule.ts';
import { vdsoProbes } from '../vdso-probes.ts';

export const counters = 'kernel entry counters';
export const ownTimings = "timed in vdsotop's own process";

/** 'MONOTONIC and REALTIME entered the kernel 20.1 k/s over 14 s' */
export function enteredSentence({ names, perSecond, seconds }: EnteredReads): string {
  return `${namesPhrase(names)} entered the kernel ${timesPhrase(perSecond, seconds)}`;
}

/**
 * A condition of the host is a cause only for what it touches: with nothing touched it is ruled out, and still told.
 */
export function unlessUntouched(reads: EnteredReads, what: string, evidence: readonly Evidence[]): readonly Evidence[] {
  if (reads.names.length > 0) return [supports('weak', enteredSentence(reads), counters), ...evidence];
  const nothing = contradicts('decisive', `${what} entered the kernel in ${secondsPhrase(reads.seconds)}`, counters);
  return [nothing, ...onlyTold(evidence)];
}

/** What speaks for a cause that something else rules out: still told, without weight. */
export function onlyTold(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.map((item) => (item.direction === 'supports' ? { ...item, strength: 'weak' } : item));
}

/** The probes that saw vDSO calls of these reads. */
export function caughtBy(reads: readonly ClockRead[]): string {
  const caught = reads.filter(({ hits }) => orElse(hits, 0) > 0);
  return [...new Set(caught.map(({ hitsBy }) => hitsBy))].join(' and ');
}

/** Whether the calls behind the entries go to the vDSO at all: what is made past it, no better vDSO speeds up. */
export function callEvidence({ names, reads, callsCaught, madePast }: EnteredReads): readonly Evidence[] {
  if (names.length === 0) return [];
  if (callsCaught)
    return [supports('weak', 'calls of the vDSO for these reads were caught: they are made to it', caughtBy(reads))];
  if (!madePast) return [];
  return [
    contradicts(
      'strong',
      'no call of the vDSO for these reads was caught in the busiest threads: most of them are made past it',
      vdsoProbes.breakpoints,
    ),
  ];
}

/** What reads by the fast path would save; nothing for certain where no call to the vDSO was caught. */
export function savedShare(
  { coreShare, perSecond, callsCaught }: EnteredReads,
  fast: PriceNs | undefined,
): Interval | undefined {
  if (isUnavailable(coreShare) || fast === undefined) return undefined;
  const less = (share: number, ns: number) => Math.max(0, share - (perSecond * ns) / 1e9);
  return {
    value: less(coreShare.value, fast.p50),
    low: callsCaught ? less(coreShare.low, fast.p90) : 0,
    high: less(coreShare.high, fast.p10),
  };
}
