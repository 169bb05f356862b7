import { median, sortedUp } from '../statistics.ts';
import type { Batches, PriceBatches } from './price-batches.ts';

/** Where the batches of one price lie. */
export interface PriceLevel {
  readonly key: string;
  /** Logarithm of the lower quartile, nanoseconds per call: whatever disturbs a batch makes it dearer, and may meet half. */
  readonly log: number;
  /** Median of all batches, nanoseconds. */
  readonly p50: number;
  readonly batches: readonly number[];
  /** Moments that the batches were taken at: batches of one moment are disturbed together. */
  readonly moments: number;
  readonly entersKernel: boolean;
}

/** Before the counters were armed, in one moment; since, while they were; or, of what does not enter the kernel, both. */
export type Taken = 'unwatched' | 'watched' | 'either';

/** A read that costs more than this part of a null syscall enters the kernel. */
const kernelPart = 0.6;

/** The levels of everything that was timed in the one way, by its key. */
export function priceLevels(batches: Batches, taken: Taken): ReadonlyMap<string, PriceLevel> {
  const threshold = kernelThreshold(batches);
  const levels = [...batches.values()].flatMap((price) => levelOf(price, threshold, taken) ?? []);
  return new Map(levels.map((level) => [level.key, level]));
}

/** Reads that enter the kernel are told from those that do not by a null syscall's least price. */
function kernelThreshold(batches: Batches): number {
  const floor = batches.get('null_syscall syscall');
  const all = floor === undefined ? [] : allBatches(floor);
  return all.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...all) * kernelPart;
}

function levelOf(price: PriceBatches, threshold: number, taken: Taken): PriceLevel | undefined {
  const { key, path } = price;
  const moments = momentsOf(price, taken).filter(({ length }) => length > 0);
  const batches = moments.flat();
  if (batches.length === 0) return undefined;
  const entersKernel = path === 'syscall' || path === 'vsyscall' || lowerQuartile(allBatches(price)) >= threshold;
  if (entersKernel && taken === 'either') return undefined;
  return {
    key,
    log: Math.log(lowerQuartile(batches)),
    p50: median(batches),
    batches,
    moments: moments.length,
    entersKernel,
  };
}

function momentsOf({ unwatched, visits }: PriceBatches, taken: Taken): readonly (readonly number[])[] {
  if (taken === 'unwatched') return [unwatched];
  return taken === 'watched' ? visits : [unwatched, ...visits];
}

function allBatches({ unwatched, visits }: PriceBatches): readonly number[] {
  return [...unwatched, ...visits.flat()];
}

/** The value a quarter of the way up, and not between two: half of few batches may be disturbed. */
function lowerQuartile(values: readonly number[]): number {
  return sortedUp(values)[Math.floor((values.length - 1) / 4)] ?? Number.NaN;
}
