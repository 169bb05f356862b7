import type { NumberChange } from '../../model/difference.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable, unavailable } from '../known.ts';
import { quantile, sortedUp } from '../statistics.ts';
import type { LogRatio } from './judge-ratio.ts';
import { greatestHidden, standardErrors, steadyHost } from './significance.ts';

/** Fewer batches than this have no 99th percentile but their greatest. */
const leastBatches = 100;
/** Disturbed batches come together: so many times the variance of independent ones. */
const clustering = 2;

/**
 * The 99th percentile of batch means. One side has one batch in a hundred above its own; the other side's part above
 * the same price tells whether its tail is another. A busy host disturbs more batches: `host` is what it became slower by.
 */
export function compareTails(before: readonly number[], after: readonly number[], host: Known<LogRatio>): NumberChange {
  const [from, to] = [tailOf(before), tailOf(after)];
  const values = { before: from ?? tooFew(before.length), after: to ?? tooFew(after.length) };
  if (from === undefined || to === undefined || before.length < leastBatches || after.length < leastBatches)
    return {
      ...values,
      verdict: 'cannot-tell',
      reason: `of fewer than ${leastBatches} batches a 99th percentile is chance`,
    };
  if (!isUnavailable(host) && Math.abs(host.log) > steadyHost)
    return { ...values, verdict: 'cannot-tell', reason: 'the host ran differently' };
  const above = Math.min(from, to);
  const errors = Math.abs(excess(before, after, above));
  if (errors > standardErrors) return { ...values, verdict: 'changed' };
  const near = Math.max(from, to) <= Math.min(from, to) * greatestHidden;
  return near
    ? { ...values, verdict: 'same' }
    : { ...values, verdict: 'cannot-tell', reason: 'too few dear batches to tell' };
}

function tailOf(batches: readonly number[]): number | undefined {
  return batches.length === 0 ? undefined : quantile(sortedUp(batches), 0.99);
}

/** How many standard errors the parts above a price lie apart. */
function excess(before: readonly number[], after: readonly number[], above: number): number {
  const [one, other] = [before, after].map((batches) => batches.filter((ns) => ns > above).length) as [number, number];
  const both = (one + other) / (before.length + after.length);
  const variance = clustering * both * (1 - both) * (1 / before.length + 1 / after.length);
  return variance > 0 ? (other / after.length - one / before.length) / Math.sqrt(variance) : 0;
}

function tooFew(count: number) {
  return unavailable('absent', count === 0 ? 'it was not timed' : 'it was timed too seldom');
}
