import type { Known } from '../../model/reading.ts';
import { unavailable } from '../known.ts';
import { median } from '../statistics.ts';
import type { LogRatio } from './judge-ratio.ts';
import type { PriceLevel } from './price-level.ts';
import type { PriceNoise } from './price-noise.ts';
import { standardErrors } from './significance.ts';

/** What runs in user space and is no clock: the bare counter, and getcpu, which reads a segment limit or RDPID. */
const controls = ['counter raw', 'getcpu vdso', 'getcpu libc'] as const;
/** Fewer than two cannot tell a slower host from a dearer counter. */
const leastControls = 2;
/** What is left of the controls' own noise, measured on a shared guest (docs/diff.md). */
const leastError = 0.005;

/** One side's prices, all taken in the same way. */
export interface PriceSide {
  readonly levels: ReadonlyMap<string, PriceLevel>;
  readonly noise: PriceNoise;
}

/**
 * By how much everything became dearer that has nothing to do with clocks: a lower CPU frequency, a busy other hardware
 * thread. It is the median of independent instructions, so that a counter that alone became dearer (a hypervisor that
 * traps it) does not pass for a slow host.
 */
export function hostSlowdown(before: PriceSide, after: PriceSide): Known<LogRatio> {
  const changes = controls.flatMap((key) => {
    const [from, to] = [before.levels.get(key), after.levels.get(key)];
    return from === undefined || to === undefined || from.entersKernel || to.entersKernel
      ? []
      : [{ log: to.log - from.log, fewest: Math.min(from.batches.length, to.batches.length) }];
  });
  if (changes.length < leastControls)
    return unavailable('absent', 'too little was timed beside the clocks to tell how fast the host itself ran');
  const log = median(changes.map((change) => change.log));
  const spread = median(changes.map((change) => Math.abs(change.log - log)));
  const batches = changes.reduce((sum, { fewest }) => sum + fewest, 0);
  const chance = Math.hypot(before.noise.user, after.noise.user) / Math.sqrt(batches);
  return { log, half: standardErrors * Math.max(leastError, spread / Math.sqrt(changes.length), chance) };
}
