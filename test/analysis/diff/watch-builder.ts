import { seededRandom } from '../../../bench/rig/statistics.ts';
import { diagnose } from '../../../src/analysis/diagnose.ts';
import type { Watch } from '../../../src/analysis/diff/watch.ts';
import { makeWindow } from '../../../src/analysis/window.ts';
import type { ClockSlot, EntryFunction } from '../../../src/model/clock-calls.ts';
import type { TimingSample } from '../../../src/model/prices.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { available, makeSnapshot, type PriceList, type Scenario, timingsOf, tscPrices } from '../snapshot-builder.ts';

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Prices as a shared guest gives them: what was seen on one is in docs/diff.md. */
export interface Noise {
  /** Standard deviation of the host's speed from run to run, and of its drift within one. */
  readonly hostSpeed: number;
  readonly drift: number;
  /** Of batch to batch in user space and in the kernel, and of the kernel from run to run. */
  readonly user: number;
  readonly kernel: number;
  readonly kernelRun: number;
  /** Part of the batches that are interrupted. */
  readonly interrupted: number;
}

export const sharedGuest: Noise = {
  hostSpeed: 0.04,
  drift: 0.02,
  user: 0.004,
  kernel: 0.06,
  kernelRun: 0.07,
  interrupted: 0.1,
};

export interface WatchScenario extends Scenario {
  readonly seed: number;
  readonly noise?: Noise;
  /** How many times as slow the whole host is. */
  readonly hostSlowdown?: number;
  /** Entries in each second of the watch, by function and slot. */
  readonly counts?: readonly (readonly [EntryFunction, ClockSlot, readonly number[]])[];
  /** Of another session, to be shared. */
  readonly unwatched?: readonly TimingSample[];
  readonly label?: string;
}

/** With what tells the speed of the host itself. */
export const guestPrices: PriceList = { ...tscPrices, 'getcpu.vdso': 17, 'getcpu.libc': 18 };

const rounds = 8;
const kernelFloorNs = 100;

/** Ten seconds of watching at two snapshots a second, priced as the noise has it. */
export function makeWatch(scenario: WatchScenario): Watch {
  const { seed, noise = sharedGuest, counts = [], hostSlowdown = 1 } = scenario;
  const random = seededRandom(seed);
  const seconds = scenario.seconds ?? counts[0]?.[2].length ?? 10;
  const speed = hostSlowdown * Math.exp(noise.hostSpeed * normal(random));
  const kernel = Math.exp(noise.kernelRun * normal(random));
  const timed = (atStage: number, batches: number, watched: boolean) =>
    timeAll(scenario.prices ?? guestPrices, {
      random,
      noise,
      watched,
      batches,
      factor: (index, entersKernel) => speed * drift(atStage, index) * (entersKernel ? kernel : 1),
    });
  let level = 0;
  const drift = (_stage: number, _index: number) => {
    level = 0.9 * level + 0.1 * noise.drift * normal(random);
    return Math.exp(level);
  };
  const unwatched = scenario.unwatched ?? timed(0, rounds, false);
  const snapshots = Array.from({ length: seconds * 2 + 1 }, (_, step): Snapshot => {
    const at = step / 2;
    const snapshot = makeSnapshot({ ...scenario, seconds }, at);
    const timings = step % 8 === 4 ? timed(step, 1, true) : [];
    return { ...snapshot, unwatched, timings, ...countsAt(snapshot, counts, at), ...scenario.both };
  });
  return watchOf(snapshots, scenario.label ?? `seed ${seed}`);
}

export function watchOf(snapshots: readonly Snapshot[], label: string): Watch {
  const unwatched = snapshots.at(-1)?.unwatched ?? [];
  return { label, snapshots, report: diagnose(makeWindow(snapshots, unwatched), { version: 'test' }) };
}

interface Timing {
  readonly random: () => number;
  readonly noise: Noise;
  readonly watched: boolean;
  readonly batches: number;
  readonly factor: (index: number, entersKernel: boolean) => number;
}

function timeAll(prices: PriceList, { random, noise, watched, batches, factor }: Timing): readonly TimingSample[] {
  const stages = Array.from({ length: batches }, (_, index) => [factor(index, false), factor(index, true)] as const);
  return timingsOf(prices, watched).map((sample) => {
    const ns = sample.perCallNs.reduce((sum, one) => sum + one, 0) / sample.perCallNs.length;
    const entersKernel = ns >= kernelFloorNs;
    const perCallNs = stages.map(([user, kernel]) => {
      const spread = (entersKernel ? noise.kernel : noise.user) * normal(random);
      const hit = random() < noise.interrupted ? 1 + 2 * random() : 1;
      return ns * (entersKernel ? kernel : user) * Math.exp(spread) * hit + (watched && entersKernel ? 150 : 0);
    });
    return { ...sample, perCallNs };
  });
}

function countsAt(snapshot: Snapshot, counts: NonNullable<WatchScenario['counts']>, at: number): Partial<Snapshot> {
  if (counts.length === 0 || 'unavailable' in snapshot.entries) return {};
  const so = counts.map(([fn, slot, perSecond]) => {
    const whole = perSecond.slice(0, Math.floor(at)).reduce((sum, one) => sum + one, 0);
    return { fn, slot, count: Math.round(whole + (perSecond[Math.floor(at)] ?? 0) * (at % 1)) };
  });
  const value = { ...snapshot.entries.value, armedForMs: at * 1_000, counts: so, threads: [] };
  return { entries: available(value) };
}

/** Counts a second with this mean whose neighbours are alike, as those of real programs are. */
export function unevenCounts(seed: number, mean: number, spread: number, seconds = 10): readonly number[] {
  const random = seededRandom(seed);
  const correlation = 0.6;
  let level = normal(random);
  return Array.from({ length: seconds }, () => {
    level = correlation * level + Math.sqrt(1 - correlation ** 2) * normal(random);
    return Math.max(0, Math.round(mean * (1 + spread * level)));
  });
}
