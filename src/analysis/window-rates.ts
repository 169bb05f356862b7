import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Interval } from '../model/interval.ts';
import { meanOf, poissonInterval, shareInterval, studentDeviate, varianceOf } from './statistics.ts';

/** vDSO calls a second of one kind that breakpoints tell of; `high` is Infinity where they do not bound it. */
export interface WindowRate extends Interval {
  readonly hits: number;
  readonly windows: number;
  /** Threads that were looked at. */
  readonly tids: ReadonlySet<number>;
}

/** What one window says of one kind of call: calls a second if hits do not slow the caller, and if they do. */
interface Look {
  readonly tid: number;
  readonly hits: number;
  readonly seconds: number;
  readonly paced: number;
  readonly slowed: number;
  readonly usedUp: boolean;
}

/** Priced on ourselves; what a hit takes from the target may differ by so much. */
const hitPriceSlack = 1.1;
/** Hits cannot follow each other faster than they take: such a window was not armed when it says so. */
const leastHitPart = 0.3;
/** A window that hits fill to this part held a burst back, which may not have ended in it: it is as if cut short. */
const crowdedPart = 0.4;
/** Of a window, what must be left beside the hits for the rest to be told from nothing. */
const leastLeft = 0.1;
/** Fewer windows of a thread than this have no spread of their own. */
const fewWindows = 4;
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

/**
 * The rate over the threads that were looked at, with 95 % limits; undefined where no window looked for that function.
 * It is the mean of the windows and not their summed hits over their summed length, because windows are cut short just
 * where calls are dense. A hit slows a caller that has no pause: the true rate lies between hits ÷ armed time and hits ÷
 * (armed time − time of hits). Silence bounds only calls that come one by one: bursts so rare that no window met one are
 * not told from none.
 */
export function rateOfWindows(
  windows: readonly FastWindow[],
  fn: EntryFunction,
  slot: ClockSlot,
  nsPerHit: number,
): WindowRate | undefined {
  const looks = windows.flatMap((window) => lookOf(window, fn, slot, nsPerHit));
  if (looks.length === 0) return undefined;
  const byThread = [...Map.groupBy(looks, ({ tid }) => tid).values()];
  const often = byThread.filter((thread) => thread.length >= fewWindows).map(rateOfThread);
  const seldom = byThread.filter((thread) => thread.length < fewWindows).flat();
  const parts = seldom.length === 0 ? often : [...often, rateOfMany(seldom)];
  const value = sum(parts.map((part) => part.value));
  return {
    value,
    low: Math.max(0, value - Math.hypot(...parts.map((part) => part.value - part.low))),
    high: value + Math.hypot(...parts.map((part) => part.high - part.value)),
    hits: sum(looks.map(({ hits }) => hits)),
    windows: looks.length,
    tids: new Set(looks.map(({ tid }) => tid)),
  };
}

function lookOf(
  { tid, armedMs, functions }: FastWindow,
  fn: EntryFunction,
  slot: ClockSlot,
  nsPerHit: number,
): readonly Look[] {
  const own = functions.find((one) => one.fn === fn);
  if (own === undefined) return [];
  const usedUp = own.usedUpAfterMs !== undefined;
  const seconds = (own.usedUpAfterMs ?? armedMs) / 1_000;
  const hits = sum(own.hits.filter((hit) => hit.slot === slot).map(({ count }) => count));
  const mine = sum(own.hits.map(({ count }) => count));
  if (!(seconds > 0) || (usedUp && seconds * 1e9 < mine * nsPerHit * leastHitPart)) return [];
  // The last hit ended the window: it is no call of the time before.
  const counted = usedUp ? (hits * (mine - 1)) / Math.max(1, mine) : hits;
  const all = sum(functions.flatMap((one) => one.hits.map(({ count }) => count)));
  const left = seconds - (all * nsPerHit * hitPriceSlack) / 1e9;
  const slowed = counted === 0 ? 0 : left > leastLeft * seconds ? counted / left : Number.POSITIVE_INFINITY;
  const crowded = all * nsPerHit > crowdedPart * seconds * 1e9;
  return [{ tid, hits, seconds, paced: counted / seconds, slowed, usedUp: usedUp || crowded }];
}

function rateOfThread(looks: readonly Look[]): Interval {
  const paced = limitsOfMean(looks.map((look) => look.paced));
  const slowed = limitsOfMean(looks.map((look) => look.slowed));
  const sparse = sparseLimits(looks);
  const { widen, bounded } = cutShort(looks);
  const value = Number.isFinite(slowed.value) ? (paced.value + slowed.value) / 2 : paced.value;
  const low = Math.min(paced.low, sparse?.low ?? paced.low) / widen;
  const high = Math.max(slowed.high, sparse?.high ?? 0) * widen;
  return { value, low, high: bounded ? high : Number.POSITIVE_INFINITY };
}

/** Threads too many to be looked at often: each is taken for one of a kind, and their number for what it is. */
function rateOfMany(looks: readonly Look[]): Interval {
  const threads = new Set(looks.map(({ tid }) => tid)).size;
  const one = looks.length >= fewWindows ? rateOfThread(looks) : rateOfFew(looks);
  return { value: one.value * threads, low: one.low * threads, high: one.high * threads };
}

/** Windows too few to have a spread: as many calls as were caught are certain, and nothing more. */
function rateOfFew(looks: readonly Look[]): Interval {
  const seconds = sum(looks.map((look) => look.seconds));
  const { value, low, high } = poissonInterval(sum(looks.map(({ hits }) => hits)));
  const bounded = value === 0;
  return { value: value / seconds, low: low / 2 / seconds, high: bounded ? high / seconds : Number.POSITIVE_INFINITY };
}

function limitsOfMean(values: readonly number[]): Interval {
  const value = meanOf(values);
  if (!Number.isFinite(value)) return { value, low: value, high: value };
  const half = studentDeviate(values.length - 1) * Math.sqrt(varianceOf(values) / values.length);
  const least = Math.max(half, leastHalfWidth * value);
  return { value, low: Math.max(0, value - least), high: value + least };
}

/**
 * Where only some of the windows caught anything, or few calls in all, the mean is not normally spread: the windows that
 * did are a binomial count, and the calls a Poisson one.
 */
function sparseLimits(looks: readonly Look[]): Interval | undefined {
  const hits = sum(looks.map((look) => look.hits));
  const active = looks.filter((look) => look.hits > 0);
  const seconds = sum(looks.map((look) => look.seconds));
  const few = poissonInterval(hits);
  const byCount = { value: 0, low: few.low / seconds, high: few.high / seconds };
  if (active.length === 0) return byCount;
  if (active.length === looks.length) return hits < fewHits ? byCount : undefined;
  const part = shareInterval(active.length / looks.length, looks.length);
  const byWindow = {
    low: (meanOf(looks.map((look) => look.paced)) * part.low) / part.value,
    high: (meanOf(looks.map((look) => look.slowed)) * part.high) / part.value,
  };
  if (hits >= fewHits) return { value: 0, ...byWindow };
  return { value: 0, low: Math.min(byCount.low, byWindow.low), high: Math.max(byCount.high, byWindow.high) };
}

/**
 * A window that ends at its last hit waits for calls and then counts them: of calls that come in bursts it tells too low
 * a rate, and nothing bounds it. Where all windows tell about the same, the error is about the square of their spread.
 */
function cutShort(looks: readonly Look[]): { readonly widen: number; readonly bounded: boolean } {
  const active = looks.filter(({ hits }) => hits > 0);
  if (active.length === 0) return { widen: 1, bounded: true };
  const part = active.filter(({ usedUp }) => usedUp).length / active.length;
  if (part <= cutShortPart) return { widen: 1 + part, bounded: true };
  const rates = looks.map(({ paced }) => paced);
  const spread = Math.sqrt(varianceOf(rates)) / meanOf(rates);
  return { widen: 1 + spread ** 2, bounded: looks.length >= steadyWindows && spread < steadySpread };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
