import type { Interval } from '../model.ts';

/**
 * How much longer a call stays in the vDSO than in a loop of nothing else, by how often a thread calls, evenly spaced:
 * measured on a tsc host, 22 ns in a hot loop, 24.5 at 5 M/s, 26.6 at 1 M/s, 35 at 100 k/s; below that caches grow cold.
 */
const stretch: readonly (readonly [perSecond: number, factor: number])[] = [
  [1e3, 8],
  [1e4, 3.2],
  [1e5, 1.6],
  [1e6, 1.21],
  [5e6, 1.11],
  [2e7, 1],
];
/** The stretch differs with what the target does in between. */
const slack = 1.05;

/** Linear between the logarithms of two neighbouring rates. */
export function stretchAt(perSecond: number): number {
  const above = stretch.findIndex(([rate]) => rate >= perSecond);
  const [highRate, highFactor] = stretch[above] ?? [0, 1];
  const [lowRate, lowFactor] = stretch[above - 1] ?? [0, highFactor];
  if (above < 0 || lowRate === 0) return highFactor;
  const at = Math.log(perSecond / lowRate) / Math.log(highRate / lowRate);
  return lowFactor + (highFactor - lowFactor) * at;
}

/**
 * Calls a second that take such a share of a core in the vDSO, when one takes `ns` in a hot loop. Calls in bursts are as
 * cheap as there, evenly spaced ones as dear as their rate makes them: it lies between.
 */
export function callsInCoreShare(share: Interval, ns: Interval, threads: number): Interval {
  const high = (share.high * 1e9 * slack) / ns.low;
  const low = spaced(share.low, ns.high * slack, threads);
  const burst = (share.value * 1e9) / ns.value;
  return { value: Math.sqrt(burst * spaced(share.value, ns.value, threads)), low, high };
}

/** Core share of so many calls a second, the other way about. */
export function coreShareOfCalls(rate: Interval, ns: Interval, threads: number): Interval {
  const dear = (perSecond: number) => stretchAt(perSecond / threads);
  return {
    value: (rate.value * ns.value * Math.sqrt(dear(rate.value))) / 1e9,
    low: (rate.low * ns.low) / slack / 1e9,
    high: (rate.high * ns.high * slack * dear(rate.high)) / 1e9,
  };
}

/** The rate at which evenly spaced calls, each as dear as that rate makes it, take the share. */
function spaced(share: number, ns: number, threads: number): number {
  let rate = (share * 1e9) / ns;
  for (let round = 0; round < 8 && rate > 0; round += 1) rate = (share * 1e9) / (ns * stretchAt(rate / threads));
  return rate;
}
