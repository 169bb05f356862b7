import { describe, expect, it } from 'vitest';
import { rateOfLooks } from '../../src/analysis/rate-of-looks.ts';
import { lookOf } from '../../src/analysis/window-look.ts';
import { ratesOfParts, sumOfParts, type WindowRate } from '../../src/analysis/window-rates.ts';
import type { EntryFunction } from '../../src/model/clock-calls.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import { type SimulatedThread, simulateWindows, type Watching } from './point-process.ts';

const usual: Watching = { windows: 24, armedMs: 40, mostHits: 1_000, nsPerHit: 4_000 };

function rateOfWindows(
  windows: readonly FastWindow[],
  fn: EntryFunction,
  slot: number,
  ns: number,
  others: readonly FastWindow[] = [],
) {
  const looksOf = (some: readonly FastWindow[]) => some.flatMap((one) => lookOf(one, { ns, slack: 1.1 }, fn, slot));
  const looks = looksOf(windows);
  const parts = ratesOfParts(looks, (_, own) => rateOfLooks(own), looksOf(others));
  return sumOfParts(
    looks,
    parts.map(({ rate }) => rate),
  );
}

function rateOf(thread: SimulatedThread, seed: number, watching: Partial<Watching> = {}): WindowRate {
  const all = { ...usual, ...watching };
  const rate = rateOfWindows(simulateWindows(thread, all, seed), 'clock_gettime', 1, all.nsPerHit);
  if (rate === undefined) throw new Error('no window looked');
  return rate;
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

function coverage(thread: SimulatedThread, watching: Partial<Watching> = {}): number {
  const held = seeds.filter((seed) => {
    const { low, high } = rateOf(thread, seed, watching);
    return low <= thread.perSecond && thread.perSecond <= high;
  });
  return held.length / seeds.length;
}

const fewAndLong = { windows: 7, armedMs: 12, mostHits: 346, nsPerHit: 10_000 };

const callers: readonly (readonly [string, SimulatedThread, Partial<Watching>])[] = [
  ['1 k/s, evenly spaced', { perSecond: 1e3, shape: 'paced' }, { armedMs: 250 }],
  ['1 k/s, at random', { perSecond: 1e3, shape: 'poisson' }, { armedMs: 250 }],
  ['1 k/s, ten at once', { perSecond: 1e3, shape: { perBurst: 10 } }, { armedMs: 250 }],
  ['3/s, at random', { perSecond: 3, shape: 'poisson' }, { armedMs: 250 }],
  ['20 k/s, evenly spaced', { perSecond: 2e4, shape: 'paced' }, {}],
  ['20 k/s without a pause', { perSecond: 2e4, shape: 'paced', slowed: true }, {}],
  ['20 k/s, 200 at once', { perSecond: 2e4, shape: { perBurst: 200 } }, {}],
  ['20 k/s, 4,000 at once', { perSecond: 2e4, shape: { perBurst: 4_000 } }, {}],
  ['100 k/s without a pause, cut short', { perSecond: 1e5, shape: 'poisson', slowed: true }, { mostHits: 64 }],
  ['100 k/s, 1,000 at once, cut short', { perSecond: 1e5, shape: { perBurst: 1_000 } }, { mostHits: 64 }],
  ['1 M/s, 10,000 at once, cut short, few windows', { perSecond: 1e6, shape: { perBurst: 10_000 } }, fewAndLong],
  ['5 M/s, cut short', { perSecond: 5e6, shape: 'poisson', slowed: true }, { mostHits: 64 }],
];

describe('calls a second by windows of breakpoints', () => {
  it.each(callers)('hold the truth of %s in 95 of 100 runs', (_, thread, watching) => {
    expect(coverage(thread, watching)).toBeGreaterThanOrEqual(0.95);
  });

  it('hold the truth of sixteen threads whose first windows are too short to meet a call', () => {
    const lengths = [1, 10, 50, 250, 250, 250];
    const held = seeds.filter((seed) => {
      const windows = Array.from({ length: 16 }, (_, thread) =>
        lengths.flatMap((armedMs, at) =>
          simulateWindows(
            { perSecond: 20, shape: 'paced' },
            { ...usual, windows: 1, armedMs },
            seed * 1_000 + thread * lengths.length + at,
            { tid: thread + 1 },
          ),
        ),
      ).flat();
      const rate = rateOfWindows(windows, 'clock_gettime', 1, usual.nsPerHit);
      return rate !== undefined && rate.low <= 320 && 320 <= rate.high;
    });
    expect(held.length / seeds.length).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['1 k/s', { perSecond: 1e3, shape: 'paced' }, { armedMs: 250 }, 0.05],
    ['20 k/s', { perSecond: 2e4, shape: 'paced' }, {}, 0.1],
  ] as const)('are narrow for %s', (_, thread, watching, most) => {
    const { low, high } = rateOf(thread, 1, watching);
    expect((high - low) / (high + low)).toBeLessThan(most);
  });

  it('are not bounded above where windows were cut short and tell differently', () => {
    const rate = rateOf({ perSecond: 1e5, shape: { perBurst: 1_000 } }, 3, { mostHits: 64 });
    expect(rate.high).toBe(Number.POSITIVE_INFINITY);
    expect(rate.low).toBeGreaterThan(0);
  });

  it('of silence are zero, with the upper limit that the time of watching allows', () => {
    const rate = rateOf({ perSecond: 1e-6, shape: 'poisson' }, 1, { windows: 25 });
    expect(rate).toMatchObject({ value: 0, low: 0, hits: 0, windows: 25 });
    expect(rate.high).toBeCloseTo(3.7, 1);
  });

  it.each([4, 40])('of which %i windows saw but the first are neither bounded nor told from any', (windows) => {
    const usedUp = Array.from({ length: windows }, (_, at) => ({
      tid: 1,
      armedMs: 50,
      functions: [{ fn: 'clock_gettime' as const, hits: [{ slot: 1, count: 1 }], usedUpAfterMs: 1 + at }],
    }));
    expect(rateOfWindows(usedUp, 'clock_gettime', 1, 4_000)).toMatchObject({
      value: 0,
      low: 0,
      high: Number.POSITIVE_INFINITY,
      heldBack: true,
    });
  });

  it('are those of all threads that were looked at', () => {
    const of = (perSecond: number, tid: number) =>
      simulateWindows({ perSecond, shape: 'paced' }, { ...usual, armedMs: 100 }, tid, { tid });
    const rate = rateOfWindows([...of(1e3, 1), ...of(2e3, 2)], 'clock_gettime', 1, usual.nsPerHit);
    expect(rate?.tids).toEqual(new Set([1, 2]));
    expect(rate?.value).toBeGreaterThan(2_900);
    expect(rate?.value).toBeLessThan(3_100);
  });

  describe('of one thread that calls in bursts, and others that do not call', () => {
    const short = { ...usual, armedMs: 10, mostHits: 1_000, nsPerHit: 12_000 };
    const bursts: SimulatedThread = { perSecond: 5e4, shape: { perBurst: 500 } };
    const silent: SimulatedThread = { perSecond: 1e-6, shape: 'poisson' };
    const of = (thread: SimulatedThread, tid: number, windows: number, seed: number) =>
      simulateWindows(thread, { ...short, windows }, seed * 100 + tid, { tid });
    const held = (windowsOf: (seed: number) => readonly [readonly FastWindow[], (readonly FastWindow[])?]) =>
      seeds.filter((seed) => {
        const [windows, others] = windowsOf(seed);
        const rate = rateOfWindows(windows, 'clock_gettime', 1, short.nsPerHit, others);
        return rate !== undefined && rate.low <= bursts.perSecond && bursts.perSecond <= rate.high;
      }).length / seeds.length;

    it.each([1, 2, 3])('hold the truth where %i windows looked at it', (windows) => {
      const windowsOf = (seed: number) =>
        [[...of(bursts, 1, windows, seed), ...of(silent, 2, 3, seed), ...of(silent, 3, 2, seed)]] as const;
      expect(held(windowsOf)).toBeGreaterThanOrEqual(0.95);
    });

    it.each([1, 2, 4, 8])(
      'hold the truth where it alone was looked at, %i times, and the other kind met the others',
      (windows) => {
        const windowsOf = (seed: number) =>
          [of(bursts, 1, windows, seed), [...of(silent, 2, 1, seed), ...of(silent, 3, 2, seed)]] as const;
        expect(held(windowsOf)).toBeGreaterThanOrEqual(0.95);
      },
    );

    it('count the silent ones for none, and those of which calls were met for as many again that are not certain', () => {
      const windows = of(bursts, 1, 8, 1);
      const alone = rateOfWindows(windows, 'clock_gettime', 1, short.nsPerHit);
      const besideSilent = rateOfWindows(windows, 'clock_gettime', 1, short.nsPerHit, of(silent, 2, 2, 1));
      const besideCaller = rateOfWindows(windows, 'clock_gettime', 1, short.nsPerHit, of(bursts, 2, 4, 1));
      expect(besideSilent?.value).toBeCloseTo(alone?.value ?? 0, 6);
      expect(besideCaller?.value).toBeCloseTo(2 * (alone?.value ?? 0), 6);
      expect(besideCaller?.low).toBeCloseTo(alone?.low ?? 0, 6);
    });

    it('are not bounded above by one or two bursts', () => {
      const windows = [...of(bursts, 1, 2, 1), ...of(silent, 1, 6, 1)];
      expect(rateOfWindows(windows, 'clock_gettime', 1, short.nsPerHit)?.high).toBe(Number.POSITIVE_INFINITY);
    });
  });

  it('are not there for a function that no window looked for', () => {
    const windows = simulateWindows({ perSecond: 1e3, shape: 'paced' }, usual, 1);
    expect(rateOfWindows(windows, 'time', 0, 4_000)).toBeUndefined();
  });
});
