import type { Interval } from '../model/interval.ts';
import type { HitPrice } from './window-look.ts';

/** Prices are of some hits each. */
const priceError = 1.1;

/** Calls a second while they were armed, and what a hit took. */
interface ArmedRate {
  readonly rate: Interval;
  readonly price: HitPrice;
}

/**
 * Calls a second, and the most there may be, of a thread of which two kinds of window tell, whose hits cost it differently.
 * A call then takes it 1/rate + s × price of a hit: s is 1 for a caller that never pauses, 0 for one that waits for its
 * time. What s is between the two prices shows in the two rates; it is no greater below the cheaper one, since a pause that
 * takes up a dear hit takes up a cheap one all the more. Infinity where it tells nothing, as of a hot loop that a hit takes
 * less from than it was priced at, or of bursts, of which cheap windows met so much fewer than dear ones that it is not
 * the hits.
 */
export function unslowedRate(dear: ArmedRate, cheap: ArmedRate): Pick<Interval, 'value' | 'high'> {
  const difference = dear.price.ns / priceError - cheap.price.ns * priceError;
  if (difference <= 0 || dear.rate.low <= 0 || cheap.rate.low <= 0)
    return { value: cheap.rate.value, high: Number.POSITIVE_INFINITY };
  const longer = nsOf(dear.rate.value) - nsOf(cheap.rate.value);
  const error = Math.hypot(nsOf(dear.rate.low) - nsOf(dear.rate.value), nsOf(cheap.rate.value) - nsOf(cheap.rate.high));
  if (longer + error < 0) return { value: cheap.rate.value, high: Number.POSITIVE_INFINITY };
  const slowing = (ns: number, by: number) => Math.min(1, Math.max(0, ns / by));
  const likely = slowing(longer, dear.price.ns - cheap.price.ns) * cheap.price.ns;
  const most = slowing(longer + error, difference) * cheap.price.ns * cheap.price.slack;
  return { value: without(cheap.rate.value, likely), high: without(cheap.rate.high, most) };
}

function nsOf(perSecond: number): number {
  return 1e9 / perSecond;
}

function without(perSecond: number, slowedNs: number): number {
  const left = nsOf(perSecond) - slowedNs;
  return left > 0 ? 1e9 / left : Number.POSITIVE_INFINITY;
}
