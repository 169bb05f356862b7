import { describe, expect, it } from 'vitest';
import { CLOCKS, clockEntry, healthyVdsoServes, neverInVdso, slotName } from '../../src/analysis/clock-table.ts';
import { mainlineServes } from '../../src/analysis/kernel-version.ts';
import { digits, namesPhrase, nsPhrase, ratePhrase, secondsPhrase, sharePhrase } from '../../src/analysis/phrase.ts';
import { median, poissonLower, poissonUpper, quantile } from '../../src/analysis/statistics.ts';
import { formatSeconds } from '../../src/view/format.ts';

describe('the clock table', () => {
  it('names every slot', () => {
    expect([0, 1, 2, 3, 10, 11, 16, 23, 32, 33, 34, 35, 13].map(slotName)).toEqual([
      'REALTIME',
      'MONOTONIC',
      'PROCESS_CPUTIME_ID',
      'THREAD_CPUTIME_ID',
      'SGI_CYCLE',
      'TAI',
      'AUX0',
      'AUX7',
      'CPU clock of a process',
      'CPU clock of a thread',
      'clock of a descriptor',
      'id no clock has',
      'clock id 13',
    ]);
    expect(new Set(CLOCKS.map(({ slot }) => slot)).size).toBe(CLOCKS.length);
  });

  it('knows what no vDSO serves', () => {
    const never = CLOCKS.filter(neverInVdso).map(({ slot }) => slot);
    expect(never).toEqual([2, 3, 8, 9, 10, 32, 33, 34, 35]);
    expect(CLOCKS.filter(healthyVdsoServes).map(({ slot }) => slot)).toEqual([0, 1, 4, 5, 6, 7, 11]);
    expect(neverInVdso(clockEntry(13))).toBe(true);
  });

  it.each([
    [7, 'x86_64', '4.18.0', false],
    [7, 'x86_64', '5.1.0', undefined],
    [7, 'x86_64', '5.3.0-amd64', true],
    [11, 'x86_64', '5.0.21', true],
    [4, 'aarch64', '4.15.18', true],
    [7, 'aarch64', '4.15.18', false],
    [1, 'riscv64', '5.4.0', false],
    [1, 'x86_64', '4.4.0', true],
    [16, 'x86_64', '6.12.1', false],
    [3, 'x86_64', '6.18.0', undefined],
    [7, 's390x', '4.4.0', undefined],
    [7, 'x86_64', 'no number', undefined],
  ] as const)('clock %d on %s %s: served %s', (slot, machine, release, served) => {
    expect(mainlineServes(clockEntry(slot), machine, release)).toBe(served);
  });
});

describe('numbers in sentences', () => {
  it('have three digits and a unit', () => {
    expect([0, 7, 21.34, 164.6, 0.4266, 1_500].map(digits)).toEqual(['0', '7', '21.3', '165', '0.43', '1500']);
    expect([3, 99.96, 999, 999.6, 20_100, 1_234_567].map(ratePhrase)).toEqual([
      '3/s',
      '100/s',
      '999/s',
      '1 k/s',
      '20.1 k/s',
      '1.23 M/s',
    ]);
    expect([21.34, 165, 4_278, 12_345].map(nsPhrase)).toEqual(['21.3 ns', '165 ns', '4.28 µs', '12.3 µs']);
    expect([0, 0.00426, 0.3349, 1e-9].map(sharePhrase)).toEqual(['0 %', '0.43 %', '33 %', 'less than 0.0001 %']);
    expect([0.31, 3, 9.96, 14.2].map(secondsPhrase)).toEqual(['0.3 s', '3.0 s', '10 s', '14 s']);
  });

  it('tell a time as the tables and panels beside them do', () => {
    for (let seconds = 0.0003; seconds < 50_000; seconds *= 1.013)
      expect(secondsPhrase(seconds)).toBe(formatSeconds(seconds));
    expect(secondsPhrase(0)).toBe(formatSeconds(0));
  });

  it('have names in a row', () => {
    expect(['a', 'a b', 'a b c', 'a b c d'].map((names) => namesPhrase(names.split(' ')))).toEqual([
      'a',
      'a and b',
      'a, b and c',
      'a, b and 2 others',
    ]);
  });
});

describe('statistics', () => {
  it('interpolate quantiles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([0, 10], 0.9)).toBe(9);
    expect(median([])).toBeNaN();
  });

  it('bound a Poisson count at 99 %', () => {
    // Exact limits of the chi-squared distribution: 0 → 4.605; 10 → 4.130 and 20.145; 100 → 78.22 and 125.8.
    expect(poissonUpper(0)).toBeCloseTo(4.605, 1);
    expect(poissonUpper(10)).toBeCloseTo(20.145, 1);
    expect(poissonLower(10)).toBeCloseTo(4.13, 1);
    expect(poissonUpper(100)).toBeCloseTo(125.8, 0);
    expect(poissonLower(100)).toBeCloseTo(78.22, 0);
    expect(poissonLower(0)).toBe(0);
  });
});
