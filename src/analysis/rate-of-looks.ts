import type { Interval } from '../model/interval.ts';
import { poissonInterval, relativeSpread, shareInterval, sum } from './statistics.ts';
import { limitsOfMean, type Weighed } from './weighted-mean.ts';
import type { WindowLook } from './window-look.ts';

/** What the windows of one thread tell together. */
export interface LooksRate extends Interval {
  /** Calls a second while breakpoints were armed, in the mean: what hits left of them. */
  readonly whileArmed: Interval;
  /** Its windows were cut short in a way that bounds nothing. */
  readonly heldBack: boolean;
}

/** Where more of the windows with hits than this were cut short by their bound … */
const cutShortPart = 0.1;
/** … they bound the rate only if it is steady: the spread of windows, relative to their mean. */
const steadySpread = 0.2;
/** … over at least so many of them: a few may agree by chance. */
const steadyWindows = 8;
/** A timer that starts a window and one that ends it are this far off, of an estimate. */
const leastHalfWidth = 0.01;
/** Fewer hits than this are judged as a Poisson count too. */
const fewHits = 20;
/** That many calls in fewer windows than this are of bursts of which no others are known. */
const fewBursts = 3;
/** A window in which so many hits are to be expected tells as much as any longer one. */
const tellingHits = 5;

/**
 * Calls a second of one thread, with 95 % limits. It is the mean of the windows and not their summed hits over their summed
 * length, because windows are cut short just where calls are dense; only those too short to meet calls weigh less, as they
 * were to be. A hit slows a caller that has no pause: the true rate
 * lies between hits ÷ armed time and hits ÷ (armed time − time of hits). Silence bounds only calls that come one by one:
 * bursts so rare that no window met one are not told from none.
 */
export function rateOfLooks(looks: readonly WindowLook[]): LooksRate {
  const weigh = weightsOf(looks);
  const paced = meanRate(weigh(({ paced }) => paced));
  const slowed = meanRate(weigh(({ slowed }) => slowed));
  const sparse = sparseLimits(looks, paced.value, slowed.value);
  const { widen, bounded } = cutShort(looks);
  const value = Number.isFinite(slowed.value) ? (paced.value + slowed.value) / 2 : paced.value;
  const low = Math.min(paced.low, sparse?.low ?? paced.low) / widen;
  const high = Math.max(slowed.high, sparse?.high ?? 0) * widen;
  return { value, low, high: bounded ? high : Number.POSITIVE_INFINITY, whileArmed: paced, heldBack: !bounded };
}

/** What a window tells, with the weight that it has by how long it was to look. */
function weightsOf(looks: readonly WindowLook[]) {
  const perSecond = sum(looks.map(({ hits }) => hits)) / sum(looks.map(({ seconds }) => seconds));
  const telling = perSecond > 0 ? tellingHits / perSecond : 0;
  return (rate: (look: WindowLook) => number): readonly Weighed[] =>
    looks.map((look) => ({ value: rate(look), weight: telling > 0 ? Math.min(1, look.plannedSeconds / telling) : 1 }));
}

function meanRate(rates: readonly Weighed[]): Interval {
  const { value, low, high } = limitsOfMean(rates);
  const least = leastHalfWidth * value;
  return { value, low: Math.max(0, Math.min(low, value - least)), high: Math.max(high, value + least) };
}

/**
 * Where only some of the windows caught anything, or few calls in all, the mean is not normally spread: the windows that
 * did are a binomial count, and the calls a Poisson one.
 */
function sparseLimits(looks: readonly WindowLook[], paced: number, slowed: number): Interval | undefined {
  const hits = sum(looks.map((look) => look.hits));
  const active = looks.filter((look) => look.hits > 0);
  const seconds = sum(looks.map((look) => look.seconds));
  const few = poissonInterval(hits);
  const byCount = { value: 0, low: few.low / seconds, high: few.high / seconds };
  if (active.length === 0) return byCount;
  if (active.length === looks.length) return hits < fewHits ? byCount : undefined;
  const part = shareInterval(active.length / looks.length, looks.length);
  const byWindow = {
    low: (paced * part.low) / part.value,
    high: (slowed * part.high) / part.value,
  };
  if (hits >= fewHits) return { value: 0, ...byWindow };
  return { value: 0, low: Math.min(byCount.low, byWindow.low), high: Math.max(byCount.high, byWindow.high) };
}

/**
 * A window that ends at its last hit waits for calls and then counts them: of calls that come in bursts it tells too low
 * a rate, and nothing bounds it. Where all windows tell about the same, the error is about the square of their spread.
 */
function cutShort(looks: readonly WindowLook[]): { readonly widen: number; readonly bounded: boolean } {
  const active = looks.filter(({ hits }) => hits > 0);
  if (active.length === 0) return { widen: 1, bounded: !seesBeginnings(looks) };
  if (active.length < fewBursts && sum(active.map(({ hits }) => hits)) >= fewHits) return { widen: 1, bounded: false };
  const part = active.filter((look) => look.cutShort).length / active.length;
  if (part <= cutShortPart) return { widen: 1 + part, bounded: true };
  const rates = looks.map(({ paced }) => paced);
  const spread = relativeSpread(rates);
  return { widen: 1 + spread ** 2, bounded: looks.length >= steadyWindows && spread < steadySpread };
}

/** Of calls of other clocks: what they go on with, this one perhaps, was not seen. */
function seesBeginnings(looks: readonly WindowLook[]): boolean {
  const met = looks.filter(({ metCalls }) => metCalls);
  return met.filter(({ cutInBurst }) => cutInBurst).length > cutShortPart * met.length;
}
