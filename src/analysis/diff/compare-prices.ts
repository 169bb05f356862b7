import type { NumberChange, PriceChange } from '../../model/difference.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable, unavailable } from '../known.ts';
import { type ComparedPrice, comparePrice, isOtherHost } from './compare-price.ts';
import { compareTails } from './compare-tails.ts';
import { hostSlowdown, type PriceSide } from './host-slowdown.ts';
import type { LogRatio } from './judge-ratio.ts';
import { type Batches, priceBatches } from './price-batches.ts';
import { priceLevels, type Taken } from './price-level.ts';
import { priceNoise } from './price-noise.ts';
import type { Watch } from './watch.ts';

/** The prices of two stretches, ready to be asked for. */
export interface PriceComparison {
  readonly hostSlowdown: Known<LogRatio>;
  /** Of what was timed since the counters were armed, where that is another comparison than the first. */
  readonly hostSlowdownWatched: Known<LogRatio> | undefined;
  /** Undefined where neither side has timed it. */
  of(key: string, path: PriceChange['path']): PriceChange | undefined;
}

/** Both sides as timed in one way. */
interface Comparison {
  readonly taken: Taken;
  readonly before: PriceSide;
  readonly after: PriceSide;
  readonly slowdown: Known<LogRatio>;
}

/**
 * What was timed before the counters were armed is compared with its like, and what was timed since with its like: each
 * at its own speed of the host. Either may tell a change.
 */
export function comparePrices(before: Watch, after: Watch): PriceComparison {
  const [from, to] = [before, after].map(batchesOf) as [Batches, Batches];
  const ways: readonly Taken[] = sharesUnwatched(before, after) ? ['watched'] : ['unwatched', 'watched', 'either'];
  const comparisons = ways.map((taken) => comparisonOf(from, to, taken));
  const steady = !comparisons.some(({ slowdown }) => isOtherHost(slowdown));
  const known = comparisons.find(({ slowdown }) => !isUnavailable(slowdown)) ?? comparisons[0];
  const watched = comparisons.find(({ taken }) => taken === 'watched');
  const countedAlike = methodOf(before) === methodOf(after);
  const hostRatio = known?.slowdown ?? unavailable('absent', 'nothing was timed');
  return {
    hostSlowdown: hostRatio,
    hostSlowdownWatched: watched === known ? undefined : watched?.slowdown,
    of(key, path) {
      const [first, second, both] = comparisons.map((comparison) =>
        compareIn({ ...comparison, steady }, key, countedAlike),
      );
      const apart = [first, second].flatMap((one) => one ?? []).toSorted(byWeight)[0];
      // Together they lie at two speeds of the host: only where there is too little of either.
      const best = apart !== undefined && Number.isFinite(apart.half) ? apart : (both ?? apart);
      const tails = [from, to].map((batches) => batches.get(key)?.visits.flat() ?? []);
      if (best === undefined && !from.has(key) && !to.has(key)) return undefined;
      const { taken, batches, p50 } = best ?? notTimedAlike(from, to, key);
      return { path, taken, batches, p50, p99: compareTails(tails[0] ?? [], tails[1] ?? [], hostRatio) };
    },
  };
}

function batchesOf({ snapshots, pricedOver }: Watch): Batches {
  return priceBatches(pricedOver ?? snapshots);
}

function comparisonOf(from: Batches, to: Batches, taken: Taken): Comparison {
  const [before, after] = [sideOf(from, taken), sideOf(to, taken)];
  return { taken, before, after, slowdown: hostSlowdown(before, after) };
}

function sideOf(batches: Batches, taken: Taken): PriceSide {
  const levels = priceLevels(batches, taken);
  return { levels, noise: priceNoise([...levels.values()]) };
}

/** Prices are taken unwatched once an attach: two stretches of one session have the same ones, which tell nothing. */
function sharesUnwatched(before: Watch, after: Watch): boolean {
  const [one = [], other = []] = [before, after].map(({ snapshots }) => snapshots.at(-1)?.unwatched);
  return one === other || (one.length > 0 && JSON.stringify(one) === JSON.stringify(other));
}

function methodOf({ snapshots }: Watch): string | undefined {
  const entries = snapshots.at(-1)?.entries;
  return entries !== undefined && 'value' in entries ? entries.value.method : undefined;
}

type Compared = Omit<PriceChange, 'path' | 'p99'> & { readonly half: number };

/** What is counted in different ways is dearer by different amounts: such prices of kernel entries are no pair. */
function compareIn(
  comparison: Comparison & { readonly steady: boolean },
  key: string,
  countedAlike: boolean,
): Compared | undefined {
  const { taken, before, after, slowdown, steady } = comparison;
  const [from, to] = [before.levels.get(key), after.levels.get(key)];
  if (from === undefined || to === undefined) return undefined;
  const entersKernel = from.entersKernel || to.entersKernel;
  if (entersKernel && taken === 'watched' && !countedAlike) return undefined;
  const sides = [
    { level: from, noise: before.noise },
    { level: to, noise: after.noise },
  ] as const;
  const { change, half }: ComparedPrice = comparePrice(...sides, slowdown, steady);
  const batches = { before: from.batches.length, after: to.batches.length };
  return { taken: entersKernel ? taken : 'either', batches, p50: change, half };
}

const weights: Readonly<Record<NumberChange['verdict'], number>> = { changed: 0, same: 1, 'cannot-tell': 2 };

/** A change that was told, else the comparison that tells more closely. */
function byWeight(one: Compared, other: Compared): number {
  return weights[one.p50.verdict] - weights[other.p50.verdict] || one.half - other.half;
}

function notTimedAlike(from: Batches, to: Batches, key: string): Omit<PriceChange, 'path' | 'p99'> {
  const count = (batches: Batches) =>
    (batches.get(key)?.unwatched.length ?? 0) + (batches.get(key)?.visits.flat().length ?? 0);
  const nothing = unavailable('absent', 'it was not timed in the same way on both sides');
  const p50 = { before: nothing, after: nothing, verdict: 'cannot-tell', reason: nothing.detail } as const;
  return { taken: 'either', batches: { before: count(from), after: count(to) }, p50 };
}
