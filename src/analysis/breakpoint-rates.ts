import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Window } from '../model/snapshot.ts';
import type { ClockMix } from './clock-mix.ts';
import { hitPrices } from './hit-prices.ts';
import { joinWindows } from './join-windows.ts';
import { type LooksRate, rateOfLooks } from './rate-of-looks.ts';
import { isWithin } from './statistics.ts';
import type { ThreadMixes } from './thread-mixes.ts';
import { unslowedRate } from './unslowed-rate.ts';
import { type HitPrice, lookOf, type WindowLook } from './window-look.ts';
import {
  type RateOfPart,
  type RateOfThread,
  ratesOfParts,
  sumOfParts,
  type ThreadRate,
  type WindowRate,
} from './window-rates.ts';

/**
 * Priced on ourselves; what a hit takes from the target may be so much more. On one KVM host (6.18) it took us 3.7 or 4.9 µs
 * to be counted, 5.7 or 7.1 to be caught, alike through the life of a process; a hot loop paid 5.0 and 8.2.
 */
const slack = 1.25;
/** Both kinds of window of a thread tell how hits slow it only where it calls alike from one to the next … */
const steadyHalfWidth = 0.15;
/** … and bound the rate only where whether it is slowed says more than where windows began: bursts seem steady too. */
const leftOpen = 0.15;
/**
 * Calls a second of one kind over the threads that were looked at, by both kinds of window: those that caught calls, and
 * those that only counted them, of which the caught ones tell what clocks they asked for: of the same threads, where they
 * do. The narrower limits stand. Undefined where no window looked for that function.
 */
export function rateByBreakpoints(
  window: Window,
  fn: EntryFunction,
  mixes: ThreadMixes,
): (slot: ClockSlot) => WindowRate | undefined {
  const prices = pricesOf(window);
  const caughtOfAll = window.fastWindows.flatMap((one) => lookOf(one, prices.caught, fn));
  const counts = window.fastCounts.flatMap((one) => lookOf(one, prices.counted, fn));
  const parts = countedParts(prices, counts, caughtOfAll);
  const all = sumOfParts(
    counts,
    parts.map(({ rate }) => rate),
  );
  const mix = mixes.all;
  const mixed = mix && parts.map(({ rate, threads }) => ({ rate, mix: mixIn(mixes, threads) ?? mix }));
  const countedOf = (slot: ClockSlot) => {
    if (all === undefined || all.hits === 0) return all;
    return (
      mixed &&
      sumOfParts(
        counts,
        mixed.map((part) => partOf(part.rate, slot, part.mix)),
      )
    );
  };
  return (slot) => {
    const looks = window.fastWindows.flatMap((one) => lookOf(one, prices.caught, fn, slot));
    const ofThreads = ratesOfParts(looks, (_, own) => rateOfLooks(own), counts);
    const caught = sumOfParts(
      looks,
      ofThreads.map(({ rate }) => rate),
    );
    const counted = countedOf(slot);
    if (caught !== undefined && all !== undefined && counted === undefined)
      return { ...caught, high: Math.max(caught.high, all.high) };
    if (caught === undefined || counted === undefined) return caught ?? counted;
    return {
      ...joinWindows(caught, counted, all ?? counted),
      hits: caught.hits + counted.hits,
      windows: caught.windows + counted.windows,
      tids: new Set([...caught.tids, ...counted.tids]),
      heldBack: caught.heldBack && counted.heldBack,
    };
  };
}

interface HitPrices {
  readonly caught: HitPrice;
  readonly counted: HitPrice;
}

function pricesOf(window: Window): HitPrices {
  const { caught, counted } = hitPrices(window);
  return { caught: { ns: caught, slack }, counted: { ns: counted, slack } };
}

/** Calls of all clocks. */
function countedParts(
  prices: HitPrices,
  counts: readonly WindowLook[],
  caughtOfAll: readonly WindowLook[],
): readonly RateOfPart[] {
  const caught = Map.groupBy(caughtOfAll, ({ tid }) => tid);
  const ofThread: RateOfThread = (tid, own) => {
    const counted = rateOfLooks(own);
    const dear = caught.get(tid) ?? [];
    return dear.length < 2 ? counted : unslowed(rateOfLooks(dear), counted, prices);
  };
  return ratesOfParts(counts, ofThread, caughtOfAll);
}

function unslowed(caught: LooksRate, counted: LooksRate, prices: HitPrices): ThreadRate {
  const [dear, cheap] = [caught.whileArmed, counted.whileArmed];
  if (!isWithin(steadyHalfWidth, dear) || !isWithin(steadyHalfWidth, cheap)) return counted;
  const without = unslowedRate({ rate: dear, price: prices.caught }, { rate: cheap, price: prices.counted });
  const high = isWithin(leftOpen, counted) ? counted.high : Math.min(counted.high, Math.max(without.high, cheap.high));
  const likely = Number.isFinite(without.value) ? without.value : counted.value;
  const value = Math.min(Math.max(likely, counted.low), high);
  return { value, low: counted.low, high, heldBack: counted.heldBack && !Number.isFinite(high) };
}

function mixIn(mixes: ThreadMixes, threads: RateOfPart['threads']): ClockMix | undefined {
  return typeof threads === 'number' ? mixes.ofThread(threads) : mixes.ofOthersThan(threads.othersThan);
}

/** Calls that nothing tells apart are of no clock in particular. */
function partOf(all: ThreadRate, slot: ClockSlot, mix: ClockMix): ThreadRate {
  const part = mix.slots.get(slot) ?? mix.unseen;
  return { ...all, value: all.value * part.value, low: all.low * part.low, high: all.high * part.high };
}
