import { seededRandom } from '../../bench/rig/statistics.ts';
import type { CpuSamples } from '../../src/model/cpu-samples.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';

/** How a simulated thread calls: without a pause, evenly spaced, at random, or so many at once, 25 ns apart. */
export type Shape = 'paced' | 'poisson' | { readonly perBurst: number };

export interface SimulatedThread {
  readonly perSecond: number;
  readonly shape: Shape;
  /** Whether a hit delays what comes after it (a caller without a pause), or only that one call. */
  readonly slowed?: boolean;
}

export interface Watching {
  readonly windows: number;
  readonly armedMs: number;
  readonly mostHits: number;
  readonly nsPerHit: number;
}

const burstGapNs = 25;

/** Windows of breakpoints on a simulated thread that reads one clock, each begun at a random moment. */
export function simulateWindows(
  { perSecond, shape, slowed = false }: SimulatedThread,
  { windows, armedMs, mostHits, nsPerHit }: Watching,
  seed: number,
  { tid = 1, slot = 1 } = {},
): readonly FastWindow[] {
  const random = seededRandom(seed);
  return Array.from({ length: windows }, () => {
    const next = callTimes(perSecond, shape, random);
    const endNs = armedMs * 1e6;
    const caughtMs: number[] = [];
    let delayNs = 0;
    let lastNs = 0;
    for (let at = next(); ; at = next()) {
      const when = slowed ? at + delayNs : Math.max(at, lastNs);
      if (when >= endNs) return { tid, armedMs, functions: [functionOf(slot, caughtMs.length)] };
      caughtMs.push(when / 1e6);
      delayNs += nsPerHit;
      lastNs = when + nsPerHit;
      if (caughtMs.length === mostHits) {
        const halfAfterMs = caughtMs[Math.floor((mostHits - 1) / 2)] ?? 0;
        return { tid, armedMs, functions: [{ ...functionOf(slot, mostHits), usedUpAfterMs: when / 1e6, halfAfterMs }] };
      }
    }
  });
}

function functionOf(slot: number, count: number): FastWindow['functions'][number] {
  return { fn: 'clock_gettime', hits: count === 0 ? [] : [{ slot, count }] };
}

/** Call by call, nanoseconds after a random moment. */
function callTimes(perSecond: number, shape: Shape, random: () => number): () => number {
  const gapNs = 1e9 / perSecond;
  if (shape === 'paced') {
    let at = random() * gapNs - gapNs;
    return () => {
      at += gapNs;
      return at;
    };
  }
  if (shape === 'poisson') {
    let at = 0;
    return () => {
      at -= Math.log(1 - random()) * gapNs;
      return at;
    };
  }
  const { perBurst } = shape;
  const cycleNs = gapNs * perBurst;
  let burstNs = random() * cycleNs - cycleNs;
  let inBurst = perBurst;
  return () => {
    for (;;) {
      if (inBurst === perBurst) {
        burstNs += cycleNs;
        inBurst = 0;
      }
      const at = burstNs + inBurst * burstGapNs;
      inBurst += 1;
      if (at >= 0) return at;
      if (burstNs + cycleNs < 0) inBurst = perBurst;
    }
  };
}

/** CPU samples of one thread: so many cores, of which such a share in the vDSO, for so long. */
export function simulateCpuSamples(
  {
    cores,
    vdso,
    seconds,
    periodNs,
  }: { readonly cores: number; readonly vdso: number; readonly seconds: number; readonly periodNs: number },
  seed: number,
  tid = 1,
): CpuSamples {
  const random = seededRandom(seed);
  const samples = Math.floor((cores * seconds * 1e9) / periodNs);
  const inVdso = Array.from({ length: samples }, () => random() < vdso).filter(Boolean).length;
  const cpuNs = cores * seconds * 1e9;
  return {
    periodNs,
    threads: [{ tid, samples, vdso: inVdso, kernelClock: 0, kernel: 0 }],
    vdsoSymbols: inVdso === 0 ? {} : { __vdso_clock_gettime: inVdso },
    weights: {
      all: samples * periodNs,
      vdso: inVdso * periodNs,
      kernelClock: 0,
      kernel: 0,
      squares: samples * periodNs ** 2,
    },
    watchedCpuNs: cpuNs,
    sampledCpuNs: cpuNs,
    ranNs: cpuNs,
    seesKernel: true,
    namesKernel: true,
    lost: 0,
  };
}
