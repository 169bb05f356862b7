import type { Interval } from '../model/interval.ts';

/**
 * How much longer a call stays in the vDSO than in a loop of nothing else, by how often a thread calls, evenly spaced:
 * measured on a tsc host, 22 ns in a hot loop, 24.5 at 5 M/s, 26.6 at 1 M/s, 35 at 100 k/s. Below that most callers sleep
 * in between and find cold caches: 160 ns and more at 1 k/s.
 */
const stretch: readonly (readonly [perSecond: number, factor: number])[] = [
  [1e3, 40],
  [1e4, 10],
  [2e4, 5],
  [1e5, 1.6],
  [1e6, 1.21],
  [5e6, 1.11],
  [2e7, 1],
];
/** What the target does in between makes it dearer, or hides part of it: 19 ns were seen where a hot loop takes 22. */
const dearer = 1.05;
export const cheaper = 0.85;
/**
 * A thread that spends such a part of its CPU time in the vDSO, kernel time counted in, calls there again and again between
 * two sleeps: a call a wake-up, cold as it is, takes 160 ns of some 3 µs.
 */
const mostlyCalls = 0.3;
/** Calls a second that the stretch of such a one is taken from, at most: each of its bursts begins cold. */
const burstRate = 3e5;
/** A share that may be so much larger or smaller: calls are then not of the same kind from one end to the other. */
const vague = 1.5;

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
 * cheap as there, evenly spaced ones as dear as their rate makes them: it lies between. What is not known of the share
 * and of the time of a call are two errors that seldom meet at their worst. `part` of the CPU time, where it is known, tells
 * how closely calls follow each other while the threads run.
 */
export function callsInCoreShare(share: Interval, ns: Interval, threads: number, part = 0): Interval {
  const spaced = (each: number, callNs: number) => callsSpaced(each, callNs, threads, part);
  const most = (each: number) => (each * 1e9) / (ns.low * cheaper);
  const least = (each: number) => spaced(each, ns.high * dearer);
  const value = Math.sqrt(((share.value * 1e9) / ns.value) * spaced(share.value, ns.value));
  if (share.value <= 0 || share.high > vague * share.value || share.value > vague * share.low)
    return { value, low: least(share.low), high: most(share.high) };
  const { low, high } = { low: Math.log(value / least(share.value)), high: Math.log(most(share.value) / value) };
  return {
    value,
    low: value * Math.exp(-Math.hypot(low, Math.log(share.value / share.low))),
    high: value * Math.exp(Math.hypot(high, Math.log(share.high / share.value))),
  };
}

/** Core share of so many calls a second, the other way about. */
export function coreShareOfCalls(rate: Interval, ns: Interval, threads: number): Interval {
  const dear = (perSecond: number) => stretchAt(perSecond / threads);
  return {
    value: (rate.value * ns.value * Math.sqrt(dear(rate.value))) / 1e9,
    low: (rate.low * ns.low * cheaper) / 1e9,
    high: (rate.high * ns.high * dearer * dear(rate.high)) / 1e9,
  };
}

/** The rate at which evenly spaced calls, each as dear as that rate makes it, take the share. */
function callsSpaced(share: number, ns: number, threads: number, part: number): number {
  const whileRunning = part >= mostlyCalls ? Math.min(burstRate, (part * 1e9) / ns) : 0;
  let rate = (share * 1e9) / ns;
  for (let round = 0; round < 8 && rate > 0; round += 1)
    rate = (share * 1e9) / (ns * stretchAt(Math.max(rate / threads, whileRunning)));
  return rate;
}
