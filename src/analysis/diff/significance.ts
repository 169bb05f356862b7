/**
 * How many standard errors a difference must lie away from nothing. Four are passed by chance once in 16,000 tests; a
 * difference makes some sixty, so that one in several hundred differences calls anything changed that is noise.
 */
export const standardErrors = 4;

/** A change below this is none that anybody would act on, however well it is measured. */
export const leastChange = 0.03;

/** Nor is one of a few cycles a call: by so much a loop differs with its place in memory and a busy other thread. */
export const leastChangeNs = 1.5;

/** 'same' is only said where noise can hide no change greater than this, as a ratio. */
export const greatestHidden = 1.5;

/** The same limit as `standardErrors` where the standard error itself is known from few values (Wallace 1959). */
export function studentErrors(freedom: number): number {
  const n = Math.max(freedom, 1);
  const z = (standardErrors * (8 * n + 3)) / (8 * n + 1);
  return Math.sqrt(n * Math.expm1(z ** 2 / n));
}

/** Or as nanoseconds a call, whatever their ratio: a read of three nanoseconds may double unseen. */
export const greatestHiddenNs = 5;

/**
 * Beyond this logarithm the host ran so differently that a price which moved with it, or less than it, is neither changed nor
 * the same.
 */
export const steadyHost = Math.log(1.15);
