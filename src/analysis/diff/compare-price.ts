import type { DifferenceVerdict, NumberChange } from '../../model/difference.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable } from '../known.ts';
import { judgeRatio, type LogRatio, ratioInterval } from './judge-ratio.ts';
import type { PriceLevel } from './price-level.ts';
import { levelError, type PriceNoise } from './price-noise.ts';
import { greatestHiddenNs, leastChangeNs, standardErrors, steadyHost } from './significance.ts';

export interface Priced {
  readonly level: PriceLevel;
  readonly noise: PriceNoise;
}

export interface ComparedPrice {
  readonly change: NumberChange;
  /** Half width of the limits of the logarithm of the ratio: how closely this tells. */
  readonly half: number;
}

/** Of fewer, all may have been disturbed. */
const leastBatches = 4;
const tooFew = `of fewer than ${leastBatches} batches all may have been disturbed`;
/** Where the host's own speed is not known, it may have been another by so much. */
const unknownSlowdown: LogRatio = { log: 0, half: standardErrors * 0.05 };
/** Seen on a busy host: the quartile 32 % down, the median 3 %. What became dearer or cheaper did so for most batches. */
const leastOfMedian = 0.5;

/**
 * One price on both sides, after what the host as a whole became slower by was taken out. `steady`: whether it ran alike all
 * the while, as far as that was timed.
 */
export function comparePrice(before: Priced, after: Priced, host: Known<LogRatio>, steady = true): ComparedPrice {
  const slowdown = isUnavailable(host) ? unknownSlowdown : host;
  const error = Math.hypot(levelError(before.level, before.noise), levelError(after.level, after.noise));
  const raw: LogRatio = { log: after.level.log - before.level.log, half: standardErrors * error };
  const own: LogRatio = { log: raw.log - slowdown.log, half: Math.hypot(raw.half, slowdown.half) };
  const values = { before: before.level.p50, after: after.level.p50 };
  const fewest = Math.min(before.level.batches.length, after.level.batches.length);
  if (fewest < leastBatches) return { change: { ...values, verdict: 'cannot-tell', reason: tooFew }, half: Infinity };
  const median = Math.log(values.after / values.before);
  const otherHost = !steady || isOtherHost(host);
  const verdict = verdictOf({ raw, own, median, slowdown, otherHost, fromNs: before.level.p50 });
  return { change: { ...values, ratio: ratioInterval(own), ...verdict }, half: own.half };
}

/** Whether the host is known to have run so differently that prices which moved with it, or less, tell nothing. */
export function isOtherHost(host: Known<LogRatio>): boolean {
  return !isUnavailable(host) && Math.abs(host.log) > steadyHost;
}

interface Moves {
  /** As timed, and with what the host became slower by taken out. */
  readonly raw: LogRatio;
  readonly own: LogRatio;
  /** What the medians of the same batches moved by, as timed. */
  readonly median: number;
  readonly slowdown: LogRatio;
  readonly otherHost: boolean;
  readonly fromNs: number;
}

/** What changed must have changed by itself, and not only beside a host that did; and the medians must not deny it. */
function verdictOf(moves: Moves): Pick<NumberChange, 'verdict' | 'reason'> {
  const { raw, own, median, slowdown, otherHost, fromNs } = moves;
  const moved = judgeRatio(raw) === 'changed';
  const verdict = inNanoseconds(own, fromNs) ?? judgeRatio(own);
  // A busy host slows unlike code unlike: seen, bare instructions by 51 %, clocks in the vDSO by 10 %, syscalls by 33 %.
  if (otherHost && verdict === 'changed' && Math.abs(own.log) < Math.abs(slowdown.log))
    return { verdict: 'cannot-tell', reason: 'everything else that was timed moved more: the host ran differently' };
  if (otherHost && verdict !== 'changed' && moved)
    return { verdict: 'cannot-tell', reason: 'it moved as everything else that was timed: the host ran differently' };
  if (otherHost && verdict === 'changed' && !moved)
    return { verdict: 'cannot-tell', reason: 'it stayed while everything else that was timed moved' };
  const ownMedian = median - slowdown.log;
  if (verdict === 'changed' && ownMedian * own.log <= 0)
    return {
      verdict: 'cannot-tell',
      reason: 'the lower quartile of its batches moved, but their median the other way',
    };
  if (verdict === 'changed' && Math.abs(ownMedian) < Math.abs(own.log) * leastOfMedian)
    return { verdict: 'cannot-tell', reason: 'the lower quartile of its batches moved, and their median much less' };
  // Whoever reads '21.7 ns → 22.4 ns' of a clock that became cheaper has to be told why.
  const otherWay = median * own.log < 0;
  if (verdict === 'changed' && otherWay)
    return { verdict, reason: 'as timed it moved the other way, by less than what reads no clock' };
  const noise = verdict === 'cannot-tell' ? ['too few batches, or too much noise'] : [];
  const reasons = otherWay ? [...noise, whyOtherWay(moves)] : noise;
  return reasons.length === 0 ? { verdict } : { verdict, reason: reasons.join(', ') };
}

/** Why its ratio has another sign than what its medians moved by. */
function whyOtherWay({ raw, own, slowdown }: Moves): string {
  if (raw.log * own.log > 0) return 'by the lower quartile of its batches';
  const percent = Number((Math.expm1(slowdown.log) * 100).toPrecision(2));
  return `less the host's ${percent < 0 ? '' : '+'}${percent} %`;
}

/** Of prices of a few nanoseconds ratios say too much: undefined where the ratio decides. */
function inNanoseconds({ log, half }: LogRatio, fromNs: number): DifferenceVerdict | undefined {
  if (Math.abs(log) > half && Math.abs(Math.expm1(log)) * fromNs < leastChangeNs) return 'same';
  const hidden = Math.expm1(Math.abs(log) + half) * fromNs;
  return Math.abs(log) <= half && hidden <= greatestHiddenNs ? 'same' : undefined;
}
