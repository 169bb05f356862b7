import { describe, expect, it } from 'vitest';
import { compareWatches } from '../../../src/analysis/diff/compare-watches.ts';
import { mapReading } from '../../../src/collect/reading.ts';
import type { ClockDifference, Difference, PriceChange } from '../../../src/model/difference.ts';
import type { TimedPath } from '../../../src/model/prices.ts';
import { available, denied, type PriceList, tscHost, unservedPrices } from '../snapshot-builder.ts';
import { guestPrices, makeWatch, unevenCounts, type WatchScenario, watchOf } from './watch-builder.ts';

const compare = (before: WatchScenario, after: WatchScenario) =>
  compareWatches(makeWatch(before), makeWatch(after), { version: 'test' });

function clock(difference: Difference, name: string): ClockDifference {
  const found = difference.clocks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no row ${name}`);
  return found;
}

function price(difference: Difference, name: string, path: TimedPath): PriceChange {
  const found = clock(difference, name).prices.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no price ${name} ${path}`);
  return found;
}

const slowerMonotonic: PriceList = { ...guestPrices, '1.vdso': (guestPrices['1.vdso'] ?? 0) * 1.1 };
const reads = [['clock_gettime', 3, unevenCounts(1, 20_000, 0.02)]] as const;

describe('two hundred pairs', () => {
  const pairs = Array.from({ length: 200 }, (_, index) => index * 2 + 1);

  it('of the same against the same call at most 2 % of the rows changed', () => {
    const rows = pairs.flatMap((seed) => {
      const counts = (of: number) => [['clock_gettime', 3, unevenCounts(of, 20_000, 0.05)]] as const;
      return compare({ seed, counts: counts(seed) }, { seed: seed + 1, counts: counts(seed + 1) }).clocks;
    });
    const changed = rows.filter(({ verdict }) => verdict === 'changed');
    expect(rows.length).toBeGreaterThan(2_000);
    expect(changed.length / rows.length).toBeLessThanOrEqual(0.02);
  }, 60_000);

  it('in which one clock is 10 % slower find it in at least 95 %', () => {
    const found = pairs.filter((seed) => {
      const difference = compare({ seed }, { seed: seed + 1, prices: slowerMonotonic });
      return price(difference, 'MONOTONIC', 'vdso').p50.verdict === 'changed';
    });
    expect(found.length).toBeGreaterThanOrEqual(190);
  }, 60_000);
});

describe('a price', () => {
  it('that is the same says how little could hide', () => {
    const { p50, taken } = price(compare({ seed: 3 }, { seed: 4 }), 'MONOTONIC', 'vdso');
    expect(p50.verdict).toBe('same');
    expect(taken).toBe('either');
    expect(p50.ratio?.low).toBeGreaterThan(0.85);
    expect(p50.ratio?.high).toBeLessThan(1.15);
  });

  it('is not changed by a host that became slower as a whole', () => {
    const difference = compare({ seed: 5 }, { seed: 6, hostSlowdown: 1.08 });
    expect(difference.clocks.filter(({ verdict }) => verdict === 'changed')).toEqual([]);
    expect((difference.hostSlowdown as { value: number }).value).toBeGreaterThan(1);
  });

  it('that moved with a much slower host is neither changed nor the same', () => {
    const noise = { hostSpeed: 0, drift: 0, user: 0.004, kernel: 0.02, kernelRun: 0.01, interrupted: 0.05 };
    const { p50 } = price(compare({ seed: 7, noise }, { seed: 8, noise, hostSlowdown: 1.6 }), 'MONOTONIC', 'vdso');
    expect(p50).toMatchObject({ verdict: 'cannot-tell', reason: expect.stringMatching(/the host ran differently/) });
  });

  it('that moved less than what reads no clock is not called changed', () => {
    const busy = Object.entries(guestPrices).map(([key, ns]) => {
      const isControl = key === 'counter.raw' || key.startsWith('getcpu.');
      return [key, (ns ?? 0) * (isControl ? 1.5 : 1.1)] as const;
    });
    const difference = compare({ seed: 15 }, { seed: 16, prices: Object.fromEntries(busy) });
    const { p50, p99 } = price(difference, 'MONOTONIC', 'vdso');
    expect(p50).toMatchObject({ verdict: 'cannot-tell', reason: expect.stringMatching(/the host ran differently/) });
    expect(p99.verdict).not.toBe('changed');
    expect(difference).toMatchObject({ worse: false });
  });

  it('is changed where the counter alone became dearer, as where a hypervisor traps it', () => {
    const trapped = { ...guestPrices, ...unservedPrices(1_200), 'counter.raw': 1_300 };
    const difference = compare({ seed: 9 }, { seed: 10, prices: trapped });
    expect(price(difference, 'MONOTONIC', 'vdso').p50.verdict).toBe('changed');
    expect(difference).toMatchObject({ verdict: 'changed', worse: true });
  });

  it('of two stretches of one session is compared as taken while watched', () => {
    const first = makeWatch({ seed: 11, seconds: 60 });
    const second = makeWatch({ seed: 12, seconds: 60, unwatched: first.snapshots[0]?.unwatched ?? [] });
    const syscall = price(compareWatches(first, second, { version: 'test' }), 'MONOTONIC', 'syscall');
    expect(syscall.taken).toBe('watched');
  });

  it('of too few batches cannot be told', () => {
    const few = { seed: 13, unwatched: [] };
    const { p50 } = price(compare(few, { ...few, seed: 14, prices: slowerMonotonic }), 'MONOTONIC', 'vdso');
    expect(p50).toMatchObject({ verdict: 'cannot-tell', reason: expect.stringMatching(/fewer than 4 batches/) });
  });

  it('of some nanoseconds is not changed by some cycles', () => {
    const tiny = { ...guestPrices, '5.vdso': (guestPrices['5.vdso'] ?? 0) + 1 };
    expect(price(compare({ seed: 15 }, { seed: 16, prices: tiny }), 'REALTIME_COARSE', 'vdso').p50.verdict).not.toBe(
      'changed',
    );
  });
});

describe('a rate', () => {
  const rate = (before: readonly number[], after: readonly number[]) =>
    clock(
      compare({ seed: 1, counts: [['clock_gettime', 3, before]] }, { seed: 2, counts: [['clock_gettime', 3, after]] }),
      'THREAD_CPUTIME_ID',
    ).kernelEntriesPerSecond;
  const steady = (mean: number, seconds = 10) => Array.from({ length: seconds }, () => mean);
  const bursts = (every: number, size: number) => Array.from({ length: 10 }, (_, at) => (at % every === 0 ? size : 0));

  it.each([
    ['the same', steady(20_000), steady(20_000), 'same'],
    ['none and none', steady(0), steady(0), 'same'],
    ['a per cent more of a steady one', steady(20_000), steady(20_200), 'same'],
    ['a tenth more of a steady one', steady(20_000), steady(22_000), 'changed'],
    ['half as much again of an uneven one', unevenCounts(3, 20_000, 0.05), unevenCounts(4, 30_000, 0.05), 'changed'],
    ['a tenth more of a very uneven one', unevenCounts(5, 20_000, 0.3), unevenCounts(6, 22_000, 0.3), 'cannot-tell'],
    ['none and many', steady(0), steady(50), 'changed'],
    ['none and one', steady(0), bursts(10, 1), 'cannot-tell'],
    ['none and one burst', steady(0), bursts(10, 5_000), 'cannot-tell'],
    ['two seconds of either', steady(20_000, 2), steady(24_000, 2), 'cannot-tell'],
    ['two seconds, ten times as many', steady(2_000, 2), steady(20_000, 2), 'changed'],
  ])('of %s', (_name, before, after, verdict) => {
    expect(rate(before, after).verdict).toBe(verdict);
  });

  it('of clock_getres() is that of all clocks it asks', () => {
    const asked = (slot: number, perSecond: number) => [['clock_getres', slot, steady(perSecond)]] as const;
    const difference = compare({ seed: 1, counts: asked(3, 0) }, { seed: 2, counts: asked(3, 100_000) });
    expect(clock(difference, 'clock_getres()').kernelEntriesPerSecond).toMatchObject({
      before: 0,
      after: 100_000,
      verdict: 'changed',
    });
  });

  it('of a clock is not none where reads were counted of which clock is not known', () => {
    const counts = [['clock_gettime', 36, steady(20_000)]] as const;
    const byPerf = (seed: number) => {
      const watch = makeWatch({ seed, counts });
      const snapshots = watch.snapshots.map((snapshot) => ({
        ...snapshot,
        entries: mapReading(snapshot.entries, (entries) => ({ ...entries, method: 'perf' as const, sees32Bit: true })),
      }));
      return watchOf(snapshots, 'perf');
    };
    const difference = compareWatches(byPerf(1), byPerf(2), { version: 'test' });
    expect(clock(difference, 'BOOTTIME').kernelEntriesPerSecond).toMatchObject({ verdict: 'cannot-tell' });
  });

  it('that was not counted exactly is not told to have changed', () => {
    const inexact = (seed: number, perSecond: number) => {
      const watch = makeWatch({ seed, counts: [['clock_gettime', 3, steady(perSecond)]] });
      const snapshots = watch.snapshots.map((snapshot) => ({
        ...snapshot,
        entries: mapReading(snapshot.entries, (entries) => ({ ...entries, exact: false, caveat: 'some were missed' })),
      }));
      return watchOf(snapshots, 'inexact');
    };
    const { kernelEntriesPerSecond } = clock(
      compareWatches(inexact(1, 20_000), inexact(2, 40_000), { version: 'test' }),
      'THREAD_CPUTIME_ID',
    );
    expect(kernelEntriesPerSecond).toMatchObject({
      before: 20_000,
      after: 40_000,
      verdict: 'cannot-tell',
      reason: 'kernel entries were not counted exactly on both sides',
    });
  });

  it('that was not counted stays unknown', () => {
    const difference = compare({ seed: 1, counts: reads }, { seed: 2, both: { entries: denied('no BPF') } });
    expect(clock(difference, 'THREAD_CPUTIME_ID').kernelEntriesPerSecond).toMatchObject({
      verdict: 'cannot-tell',
      after: { unavailable: 'denied', detail: 'no BPF' },
    });
  });

  it('of a clock that a report without counts does not list does not become none', () => {
    const ofThread = [['clock_gettime', 33, unevenCounts(1, 20_000, 0.02)]] as const;
    const difference = compare({ seed: 1, both: { entries: denied('no BPF') } }, { seed: 2, counts: ofThread });
    expect(clock(difference, 'CPU clock of a thread').path).toMatchObject({
      before: 'unknown',
      verdict: 'cannot-tell',
    });
    const counted = compare({ seed: 1 }, { seed: 2, counts: ofThread });
    expect(clock(counted, 'CPU clock of a thread').path).toMatchObject({ before: 'none', after: 'syscall' });
  });
});

describe('what else changed', () => {
  const onHpet = { ...tscHost, currentClocksource: available('hpet'), kernelRelease: available('6.18.45') };
  const counts = (perSecond: number) => [['clock_gettime', 1, Array.from({ length: 10 }, () => perSecond)]] as const;
  const moved = compare(
    { seed: 21, counts: counts(0), hits: [['clock_gettime', 1, 8]] },
    {
      seed: 22,
      counts: counts(20_000),
      hits: [['clock_gettime', 1, 8]],
      host: onHpet,
      prices: { ...guestPrices, ...unservedPrices(1_000) },
    },
  );

  it('is told with the likeliest to bear upon it first', () => {
    expect(clock(moved, 'MONOTONIC')).toMatchObject({
      verdict: 'changed',
      path: { before: 'vdso', verdict: 'changed' },
    });
    expect(moved.environment.map(({ what }) => what)).toEqual(['clocksource', 'kernel']);
    expect(moved.environment[0]).toMatchObject({
      before: 'tsc',
      after: 'hpet',
      bearsOn: ['paths', 'fast prices', 'kernel prices'],
    });
  });

  it('and findings that hold now and did not', () => {
    const finding = moved.findings.find(({ id }) => id === 'clocksource-not-vdso-capable');
    expect(finding).toMatchObject({ role: 'cause' });
    expect(['confirmed', 'likely']).toContain(finding?.after);
    expect(finding?.before).not.toBe(finding?.after);
  });

  it('names mitigations first where system calls became dearer', () => {
    const noise = { hostSpeed: 0.01, drift: 0.005, user: 0.004, kernel: 0.01, kernelRun: 0.01, interrupted: 0.05 };
    const dearer = Object.fromEntries(Object.entries(guestPrices).map(([key, ns]) => [key, ns >= 100 ? ns + 150 : ns]));
    const host = { mitigations: available({ meltdown: 'Mitigation: PTI' }), kernelRelease: available('6.18.45') };
    const difference = compare(
      { seed: 23, noise, counts: reads },
      { seed: 24, noise, counts: reads, prices: dearer, host },
    );
    expect(price(difference, 'THREAD_CPUTIME_ID', 'syscall').p50.verdict).toBe('changed');
    expect(difference.environment.map(({ what }) => what)).toEqual(['mitigations', 'kernel']);
  });

  it('what is known on one side only is not compared', () => {
    const { notCompared, environment } = compare({ seed: 25 }, { seed: 26, target: { libc: denied() } });
    expect(notCompared).toContain('libc');
    expect(environment).toEqual([]);
  });
});
