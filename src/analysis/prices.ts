import type { PriceNs, TimedCall, TimedPath, TimingSample } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { unavailable } from './known.ts';
import { rememberingOf } from './remembering-of.ts';
import { quantile, sortedUp } from './statistics.ts';

/** What is priced: a call, its clock where it has one, and how it is made. */
export interface Priced {
  readonly call: TimedCall;
  readonly clockId?: number | undefined;
  readonly path: TimedPath;
}

/** Prices of one window. All of them were measured in vdsotop's own process on this host, not in the target. */
export interface Prices {
  /** Taken while nothing was attached: the only ones for cost and what-if. */
  unwatched(what: Priced): PriceNs | undefined;
  /** Of this window, taken while our counters were attached. */
  watched(what: Priced): PriceNs | undefined;
}

/** Fewer batches than this are too few to be taken for the price of now, where older ones are at hand. */
const enoughBatches = 3;

export function collectPrices({ timings, unwatchedTimings }: Pick<Window, 'timings' | 'unwatchedTimings'>): Prices {
  const unwatchedNow = priceTable(
    timings.filter(({ watched }) => !watched),
    'unwatched',
  );
  const unwatchedBefore = pricesBefore(unwatchedTimings);
  const watched = priceTable(
    timings.filter((sample) => sample.watched),
    'watched',
  );
  return {
    unwatched(what) {
      const now = unwatchedNow.get(keyOf(what));
      const before = unwatchedBefore.get(keyOf(what));
      return now !== undefined && (now.batches >= enoughBatches || before === undefined) ? now : before;
    },
    watched: (what) => watched.get(keyOf(what)),
  };
}

/** The timings taken before the counters were attached are the same for every window after it, and many. */
const pricesBefore = rememberingOf((unwatchedTimings: readonly TimingSample[]) =>
  priceTable(
    unwatchedTimings.filter(({ watched }) => !watched),
    'unwatched',
  ),
);

/** The price of this moment where it was timed often enough in this window, else the one taken before. */
export function currentPrice(prices: Prices, what: Priced): PriceNs | undefined {
  const now = prices.watched(what);
  const before = prices.unwatched(what);
  return now !== undefined && (now.batches >= enoughBatches || before === undefined) ? now : before;
}

export function unwatchedPrice(prices: Prices, what: Priced): Known<PriceNs> {
  return (
    prices.unwatched(what) ?? unavailable('absent', `${nameOf(what)} was not timed before the counters were attached`)
  );
}

function nameOf({ call, clockId, path }: Priced): string {
  return `${call}${clockId === undefined ? '' : ` of clock ${clockId}`} by ${path}`;
}

function keyOf({ call, clockId, path }: Priced): string {
  return `${call} ${call === 'clock_gettime' ? clockId : ''} ${path}`;
}

function priceTable(samples: readonly TimingSample[], taken: PriceNs['taken']): ReadonlyMap<string, PriceNs> {
  const batches = new Map<string, number[]>();
  for (const sample of samples) {
    const list = batches.get(keyOf(sample)) ?? [];
    for (const ns of sample.perCallNs) if (Number.isFinite(ns) && ns >= 0) list.push(ns);
    batches.set(keyOf(sample), list);
  }
  const prices = new Map<string, PriceNs>();
  for (const [key, list] of batches) if (list.length > 0) prices.set(key, priceOf(list, taken));
  return prices;
}

function priceOf(perCallNs: readonly number[], taken: PriceNs['taken']): PriceNs {
  const sorted = sortedUp(perCallNs);
  return {
    p50: quantile(sorted, 0.5),
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    batches: sorted.length,
    taken,
  };
}
