/**
 * Hits of one thread in one round, by event, and how long each looked; `armedMs` where it was armed for longer, its bound used
 * up.
 */
export type BreakpointLook = readonly { readonly hits: number; readonly ms: number; readonly armedMs?: number }[];

/** By this the rates of rounds may spread, relative to their mean, without a sign of bursts. */
const steadySpread = 0.15;

/**
 * At most: whose bound was used up the kernel is to disarm, and sometimes does not (seen on 6.18 in a KVM guest, for whole
 * sessions): calls go on being trapped, uncounted, until it is taken away.
 */
export function uncountedTraps({ hits, ms, armedMs = ms }: BreakpointLook[number]): number {
  return hits * (Math.max(armedMs, ms) / Math.max(ms, 1e-3) - 1);
}

/** Hits a millisecond. */
export function rateOf({ hits, ms }: BreakpointLook[number]): number {
  return hits / Math.max(ms, 1e-3);
}

export function areUneven(rates: readonly number[]): boolean {
  const mean = sumOf(rates) / rates.length;
  const spread = Math.sqrt(sumOf(rates.map((rate) => (rate - mean) ** 2)) / Math.max(1, rates.length - 1));
  return spread > steadySpread * mean;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
