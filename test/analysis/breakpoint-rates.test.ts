import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/rig/statistics.ts';
import { rateByBreakpoints } from '../../src/analysis/breakpoint-rates.ts';
import { mixOfClocks } from '../../src/analysis/clock-mix.ts';
import { slotNotToldApart } from '../../src/analysis/tells-clocks-apart.ts';
import { threadMixes } from '../../src/analysis/thread-mixes.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import { type SimulatedThread, simulateWindows } from './point-process.ts';
import { available, makeSnapshot } from './snapshot-builder.ts';

const price = { caught: 8_000, counted: 5_000 };

/** As the pace has them for such rates, twenty seconds long. */
const watchings = {
  seldom: {
    caught: { windows: 20, armedMs: 60, mostHits: 360 },
    counted: { windows: 20, armedMs: 100, mostHits: 4_000 },
  },
  often: { caught: { windows: 8, armedMs: 10, mostHits: 360 }, counted: { windows: 12, armedMs: 10, mostHits: 4_000 } },
  dense: { caught: { windows: 6, armedMs: 3.4, mostHits: 346 }, counted: { windows: 14, armedMs: 1.6, mostHits: 600 } },
} as const;

function rateOf(thread: SimulatedThread, watching: keyof typeof watchings, seed: number) {
  const { caught, counted } = watchings[watching];
  const windows = simulateWindows(thread, { ...caught, nsPerHit: price.caught }, seed);
  const counts = simulateWindows(thread, { ...counted, nsPerHit: price.counted }, seed + 1_000, {
    slot: slotNotToldApart,
  });
  return rateOfBoth(windows, counts);
}

function rateOfBoth(fastWindows: readonly FastWindow[], fastCounts: readonly FastWindow[], slot = 1) {
  const { cost, ...rest } = makeSnapshot({}, 20);
  const prices = { nsPerBreakpointHit: available(price.caught), nsPerCountedHit: available(price.counted) };
  const window = makeWindow([{ ...rest, cost: { ...cost, ...prices }, fastWindows, fastCounts }], []);
  const rate = rateByBreakpoints(window, 'clock_gettime', threadMixes(window, 'clock_gettime', new Map()))(slot);
  if (rate === undefined) throw new Error('no window looked');
  return rate;
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const halfWidth = ({ low, high }: { readonly low: number; readonly high: number }) => (high - low) / (high + low);

describe('calls a second by windows that catch and windows that count', () => {
  it('of a clock that one thread reads are not laid to the calls of the others', () => {
    const usual = { armedMs: 250, mostHits: 346, nsPerHit: price.caught };
    // Thread 1 reads clock 0 once a second and is looked at each round; 120 others read clock 1, each looked at but once.
    const ofMain = simulateWindows({ perSecond: 1, shape: 'paced' }, { ...usual, windows: 20 }, 7, { tid: 1, slot: 0 });
    const others = Array.from({ length: 120 }, (_, at) => at + 2);
    const once = (slot: number, seed: number) => (tid: number) =>
      simulateWindows({ perSecond: 20, shape: 'paced' }, { ...usual, windows: 1 }, seed + tid, { tid, slot });
    const counted = [
      ...simulateWindows({ perSecond: 1, shape: 'paced' }, { ...usual, windows: 20 }, 8, {
        tid: 1,
        slot: slotNotToldApart,
      }),
      ...others.slice(60).flatMap(once(slotNotToldApart, 1_000)),
    ];
    const rate = rateOfBoth([...ofMain, ...others.slice(0, 60).flatMap(once(1, 0))], counted, 0);
    expect(rate.low).toBeLessThanOrEqual(1);
    expect(rate.value).toBeLessThan(5);
  });

  it.each([
    ['1 k/s, evenly spaced', { perSecond: 1e3, shape: 'paced' }, 'seldom', 0.1],
    ['1 k/s, ten at once', { perSecond: 1e3, shape: { perBurst: 10 } }, 'seldom', 0.1],
    ['20 k/s, evenly spaced', { perSecond: 2e4, shape: 'paced' }, 'often', 0.1],
    ['20 k/s without a pause', { perSecond: 2e4, shape: 'paced', slowed: true }, 'often', 0.1],
    ['100 k/s, evenly spaced', { perSecond: 1e5, shape: 'paced' }, 'dense', 0.35],
    ['100 k/s without a pause', { perSecond: 1e5, shape: 'paced', slowed: true }, 'dense', 0.35],
    ['100 k/s, at random', { perSecond: 1e5, shape: 'poisson', slowed: true }, 'dense', 0.35],
  ] as const)('of %s hold the truth in 95 of 100 runs, and are narrow', (_, thread, watching, most) => {
    const rates = seeds.map((seed) => rateOf(thread, watching, seed));
    const held = rates.filter(({ low, high }) => low <= thread.perSecond && thread.perSecond <= high);
    expect(held.length / seeds.length).toBeGreaterThanOrEqual(0.95);
    const widths = rates.map(halfWidth).sort((a, b) => a - b);
    expect(widths[Math.floor(widths.length / 2)]).toBeLessThanOrEqual(most);
  });

  it('divide what was counted by the clocks that calls were caught asking for', () => {
    const functions = [
      {
        fn: 'clock_gettime' as const,
        hits: [
          { slot: 1, count: 75 },
          { slot: 7, count: 25 },
        ],
      },
    ];
    const caught = Array.from({ length: 6 }, () => ({ tid: 1, armedMs: 10, functions }));
    const count = (hits: number) => [{ fn: 'clock_gettime' as const, hits: [{ slot: slotNotToldApart, count: hits }] }];
    const counted = Array.from({ length: 12 }, (_, at) => ({ tid: 1, armedMs: 10, functions: count(100 + (at % 2)) }));
    const [one, other] = [rateOfBoth(caught, counted, 1), rateOfBoth(caught, counted, 7)];
    expect(one.value / other.value).toBeCloseTo(3, 1);
    expect(one.low).toBeLessThan(7_500);
    expect(one.high).toBeGreaterThan(7_500);
  });

  it('are those of what was caught where nothing was counted, as in older recordings', () => {
    const windows = simulateWindows(
      { perSecond: 1e3, shape: 'paced' },
      { ...watchings.seldom.caught, nsPerHit: price.caught },
      1,
    );
    expect(rateOfBoth(windows, []).windows).toBe(20);
  });

  it('are not narrowed by what was counted of threads that call unlike from one window to the next', () => {
    const bursty: SimulatedThread = { perSecond: 1e5, shape: { perBurst: 1_000 } };
    const met = seeds.map((seed) => rateOf(bursty, 'dense', seed)).filter(({ hits }) => hits > 0);
    const held = met.filter(({ high }) => high >= bursty.perSecond);
    expect(held.length / met.length).toBeGreaterThanOrEqual(0.95);
  });

  it('of hot loops that a hit takes less from than from us are at least what hits leave of them, and any number more', () => {
    const hot: SimulatedThread = { perSecond: 4e7, shape: 'paced', slowed: true };
    const threads = [1, 2].map((tid) => ({
      caught: simulateWindows(hot, { windows: 4, armedMs: 3.4, mostHits: 4_000, nsPerHit: 7_900 }, tid, { tid }),
      counted: simulateWindows(hot, { windows: 8, armedMs: 2, mostHits: 4_000, nsPerHit: 4_900 }, tid, {
        tid,
        slot: slotNotToldApart,
      }),
    }));
    const rate = rateOfBoth(
      threads.flatMap(({ caught }) => caught),
      threads.flatMap(({ counted }) => counted),
    );
    expect(rate.value).toBeGreaterThan(3e5);
    expect(rate.value).toBeLessThan(5e5);
    expect(rate.low).toBeGreaterThan(3e5);
    expect(rate.low).toBeLessThan(5e5);
    expect(rate.high).toBe(Number.POSITIVE_INFINITY);
  });

  it('are bounded by what was counted though calls were caught in few windows yet', () => {
    const paced: SimulatedThread = { perSecond: 2e4, shape: 'paced' };
    const windows = simulateWindows(paced, { windows: 2, armedMs: 2, mostHits: 360, nsPerHit: price.caught }, 1);
    const counts = simulateWindows(paced, { windows: 6, armedMs: 2, mostHits: 4_000, nsPerHit: price.counted }, 2);
    const { low, high } = rateOfBoth(windows, counts);
    expect(low).toBeLessThan(2e4);
    expect(high).toBeGreaterThan(2e4);
    expect(high).toBeLessThan(3e4);
  });

  it('are not bounded for a clock that is read where bursts go on, which their beginnings do not show', () => {
    // A burst of 300 reads of the CPU clock and 500 of MONOTONIC each 50 ms, of which a window ends with the 48th.
    const windows = seeds.slice(0, 12).map((seed): FastWindow => {
      const usedUpAfterMs = 3 + (seed % 7) * 6;
      return {
        tid: 1,
        armedMs: usedUpAfterMs + 1,
        functions: [{ fn: 'clock_gettime', hits: [{ slot: 3, count: 48 }], usedUpAfterMs }],
      };
    });
    const nothing = { tid: 1, armedMs: 5, functions: [{ fn: 'clock_gettime' as const, hits: [] }] };
    const seen = [...windows, ...Array.from({ length: 8 }, () => nothing)];
    expect(rateOfBoth(seen, []).high).toBeGreaterThan(10_000);
    expect(rateOfBoth(seen, [], 3).value).toBeGreaterThan(0);
    // Where windows saw the bursts to their end, there was none of it.
    const whole = seen.map((one) => ({ ...one, functions: one.functions.map(({ fn, hits }) => ({ fn, hits })) }));
    expect(rateOfBoth(whole, []).high).toBeLessThan(1_000);
  });

  it('of a clock that is read where bursts go on are told by windows that count to their end', () => {
    const random = seededRandom(7);
    const inBursts = (armedMs: number, look: (startMs: number) => FastWindow['functions'][number]): FastWindow[] =>
      Array.from({ length: 40 }, () => ({ tid: 1, armedMs, functions: [look(random() * 50)] }));
    // A burst each 50 ms: 300 reads of the CPU clock, then 500 of MONOTONIC.
    const caught = inBursts(20, (startMs) =>
      startMs < 20
        ? { fn: 'clock_gettime', hits: [{ slot: 3, count: 48 }], usedUpAfterMs: startMs + 0.2 }
        : { fn: 'clock_gettime', hits: [] },
    );
    const counted = inBursts(50, () => {
      const hits = [{ slot: slotNotToldApart, count: 800 }];
      const sampled = [
        { slot: 3, count: 17 + Math.floor(random() * 3) },
        { slot: 1, count: 29 + Math.floor(random() * 3) },
      ];
      return { fn: 'clock_gettime', hits, sampled };
    });
    const monotonic = rateOfBoth(caught, counted);
    expect(monotonic.low).toBeLessThan(10_000);
    expect(monotonic.high).toBeGreaterThan(10_000);
    expect(halfWidth(monotonic)).toBeLessThan(0.2);
    expect(rateOfBoth(caught, counted, 7).high).toBeLessThan(500);
  });

  describe('where both kinds of window end in the first half of bursts', () => {
    // 2,000 reads of REALTIME, then 2,000 of MONOTONIC, each 8 ms.
    const random = seededRandom(3);
    const cut = (
      hitMs: number,
      one: Omit<FastWindow['functions'][number], 'fn'>,
      waitMs = random() * 8,
    ): FastWindow => {
      const usedUpAfterMs = waitMs + hitMs;
      return { tid: 1, armedMs: usedUpAfterMs, functions: [{ fn: 'clock_gettime', ...one, usedUpAfterMs }] };
    };
    const many = (windows: number, one: () => FastWindow) => Array.from({ length: windows }, one);
    const caught = (waitMs?: number) => cut(48 * 0.008, { hits: [{ slot: 0, count: 48 }] }, waitMs);
    const counted = (waitMs?: number) => {
      const hits = [{ slot: slotNotToldApart, count: 600 }];
      return cut(600 * 0.005, { hits, sampled: [{ slot: 0, count: 40 }] }, waitMs);
    };
    const mixOf = (windows: readonly FastWindow[], counts: readonly FastWindow[]) =>
      mixOfClocks({ caught: windows, counted: counts, nsPerHit: price }, 'clock_gettime', new Map());

    it('the clock that was met need not be all of it, nor is the other bounded', () => {
      const [windows, counts] = [many(20, () => caught()), many(20, () => counted())];
      expect(mixOf(windows, counts)).toMatchObject({ isOpen: true, unseen: { low: 0, high: 1 } });
      const all = rateOfBoth([], counts, 0).value;
      const met = rateOfBoth(windows, counts, 0);
      expect(met.low).toBeLessThan(all / 2);
      expect(met.low).toBeGreaterThan(0);
      expect(rateOfBoth(windows, counts, 1).high).toBeGreaterThanOrEqual(all);
    });

    it('one of them or a few that agree by chance are no even calls, nor those that waited as long', () => {
      expect(mixOf([caught(3)], [])?.isOpen).toBe(true);
      expect(mixOf([caught(3)], [counted(4)])?.isOpen).toBe(true);
      expect(
        mixOf(
          many(4, () => caught(3)),
          [],
        )?.isOpen,
      ).toBe(true);
      expect(
        mixOf(
          many(8, () => caught(3)),
          [],
        )?.isOpen,
      ).toBe(false);
      const waits = [...many(6, () => caught(0.1)), ...many(10, () => caught(3))];
      expect(mixOf(waits, [])?.isOpen).toBe(true);
    });
  });

  it('of bursts in few windows, some of which they end, hold the truth in 95 of 100 runs, and mostly have a bound', () => {
    const bursty: SimulatedThread = { perSecond: 2e4, shape: { perBurst: 200 } };
    const rates = seeds.map((seed) =>
      rateOfBoth(
        simulateWindows(bursty, { windows: 6, armedMs: 3, mostHits: 92, nsPerHit: price.caught }, seed),
        simulateWindows(bursty, { windows: 6, armedMs: 10, mostHits: 4_000, nsPerHit: price.counted }, seed + 1_000),
      ),
    );
    expect(rates.filter(({ low, high }) => low <= 2e4 && 2e4 <= high).length).toBeGreaterThanOrEqual(190);
    expect(rates.filter(({ high }) => high < 2e5).length).toBeGreaterThan(100);
  });
});
