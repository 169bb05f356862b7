import { median } from '../statistics.ts';
import type { PriceLevel } from './price-level.ts';

/** What one batch differs from the next by, as a part of the price. */
export type PriceNoise = Readonly<Record<PriceKind, number>>;

/** Reads of one kind are disturbed alike: those of a few cycles, those in user space, and those that enter the kernel. */
type PriceKind = 'tiny' | 'user' | 'kernel';

/** Below this a price is some cycles, and where the code lies in memory is a good part of it. */
const tinyNs = 8;
/** Turns the median of absolute deviations into the standard deviation of a normal distribution. */
const fromMad = 1.4826;
/** Fewer deviations than this say nothing of their spread: then the usual one stands. */
const fewDeviations = 20;
const usual: PriceNoise = { tiny: 0.1, user: 0.03, kernel: 0.12 };

/**
 * The spread of batches, pooled over all reads of one kind: each alone has few batches, and what disturbs them (another
 * guest, the other hardware thread) disturbs all alike. By medians, so that a batch that was interrupted says nothing.
 */
export function priceNoise(levels: readonly PriceLevel[]): PriceNoise {
  const spread = (kind: PriceKind) => spreadOf(levels.filter((level) => kindOf(level) === kind)) ?? usual[kind];
  return { tiny: spread('tiny'), user: spread('user'), kernel: spread('kernel') };
}

function kindOf({ entersKernel, p50 }: PriceLevel): PriceKind {
  if (entersKernel) return 'kernel';
  return p50 < tinyNs ? 'tiny' : 'user';
}

/** What the host as a whole did meanwhile, to all of them alike, is not their noise: it is in the controls too. */
function spreadOf(levels: readonly PriceLevel[]): number | undefined {
  const deviations = levels.filter(({ batches }) => batches.length > 1).flatMap(deviationsOf);
  if (deviations.length < fewDeviations) return undefined;
  const drift = Map.groupBy(deviations, ({ stage }) => stage);
  const common = new Map([...drift].map(([stage, all]) => [stage, median(all.map(({ log }) => log))]));
  return fromMad * median(deviations.map(({ log, stage }) => Math.abs(log - (common.get(stage) ?? 0))));
}

/** Stages of the time in which the batches were taken, one after another. */
const stages = 8;

function deviationsOf({ batches }: PriceLevel) {
  const middle = median(batches);
  return batches.map((ns, index) => ({
    log: Math.log(ns / middle),
    stage: Math.floor((index * stages) / batches.length),
  }));
}

/** Runs differ by where their memory lies and what else the host does: nothing narrows a level further than this part … */
const leastError = 0.01;
/** … and this time: the place of a loop in memory makes a cycle or two, and a busy other thread more of the tiniest. */
const leastErrorNs: Readonly<Record<PriceKind, number>> = { tiny: 0.75, user: 0.25, kernel: 0.25 };
/** How much less alike two runs are than two batches of one: the kernel's state, and that of its host, last longer. */
const runVariance: Readonly<Record<PriceKind, number>> = { tiny: 1, user: 0.25, kernel: 3 };
/** So many moments make up for one run's being unlike the next; more do not. */
const mostMoments = 10;

/**
 * The standard error of a level, as a part of it. Batches of one moment share their luck, so that more of them narrow it
 * only as far as their own spread: from one moment, the next run may lie as far off as one batch from the next.
 */
export function levelError(level: PriceLevel, noise: PriceNoise): number {
  const kind = kindOf(level);
  const run = runVariance[kind] / Math.min(Math.max(level.moments, 1), mostMoments);
  // π/2: a median is that much less certain than a mean.
  const error = noise[kind] * Math.sqrt(run + Math.PI / 2 / level.batches.length);
  return Math.max(leastError, leastErrorNs[kind] / level.p50, error);
}
