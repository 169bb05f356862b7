import { describe, expect, it } from 'vitest';
import type { Unavailable } from '../../src/model/reading.ts';
import {
  formatBytes,
  formatCount,
  formatEstimate,
  formatInterval,
  formatKnown,
  formatNs,
  formatPlural,
  formatRatio,
  formatSeconds,
  formatShare,
  formatUtcMs,
  formatUtcTime,
} from '../../src/view/format.ts';
import {
  formatEstimated,
  formatNsBounds,
  formatSampledShare,
  formatShareInterval,
} from '../../src/view/format-limits.ts';

describe('numbers as text', () => {
  it.each([
    [0, '0'],
    [0.004, '<0.01'],
    [0.5, '0.5'],
    [9.996, '10'],
    [12, '12'],
    [999.4, '999'],
    [999.7, '1 k'],
    [12_345, '12.3 k'],
    [100_000, '100 k'],
    [999_999, '1 M'],
    [1_234_567, '1.23 M'],
    [6e9, '6 G'],
  ])('writes the count %d as %s', (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [0, '≈0'],
    [0.004, '<0.01'],
    [1_234_567, '≈1.2 M'],
  ])('marks the estimate %d as %s', (value, text) => expect(formatEstimate(value)).toBe(text));

  it.each([
    [0.02, '<0.1 ns'],
    [6.2, '6.2 ns'],
    [23.14, '23.1 ns'],
    [999.6, '1 µs'],
    [1_234, '1.23 µs'],
    [10_011, '10 µs'],
    [2.5e6, '2.5 ms'],
    [3.2e9, '3.2 s'],
  ])('writes %d ns as %s', (ns, text) => expect(formatNs(ns)).toBe(text));

  it.each([
    [21.3, 24.04, '21.3–24 ns'],
    [950, 1_230, '0.95–1.23 µs'],
    [878, 1_190, '0.88–1.19 µs'],
    [0.02, 6.2, '<0.1–6.2 ns'],
    [23.14, 1_190_000, '23 ns–1.2 ms'],
  ])('writes %d to %d ns with one unit, as %s', (low, high, text) => expect(formatNsBounds({ low, high })).toBe(text));

  it.each([
    [0, '0 %'],
    [0.00002, '<0.01 %'],
    [0.00012, '0.012 %'],
    [0.0346, '3.5 %'],
    [0.0996, '10 %'],
    [0.11, '11 %'],
    [1.04, '104 %'],
  ])('writes the share %d as %s', (share, text) => expect(formatShare(share)).toBe(text));

  it('never rounds something down to nothing', () => {
    for (const exponent of [1, 2, 3, 6, 9, 12]) {
      const tiny = 10 ** -exponent;
      expect(formatCount(tiny)).not.toBe('0');
      expect(formatShare(tiny)).not.toBe('0 %');
      expect(formatEstimate(tiny)).not.toBe('≈0');
    }
  });

  it('has at most three significant digits, whatever the size', () => {
    for (let value = 0.0123456; value < 1e12; value *= 3.3) {
      for (const text of [formatCount(value), formatNs(value), formatEstimate(value), formatRatio(value)])
        expect(text.replace(/^[≈<]?0?\.?0*|[^\d]/g, '').length, text).toBeLessThanOrEqual(3);
    }
  });

  it('writes ratios, durations, intervals, sizes and moments', () => {
    expect([formatRatio(7.09), formatRatio(26.6), formatRatio(1_200)]).toEqual(['7.1×', '27×', '1.2 k×']);
    const seconds = [0, 0.041, 0.42, 1.87, 9.99, 14.2, 134, 11_100];
    expect(seconds.map(formatSeconds)).toEqual([
      ...['0.0 s', '41 ms', '0.4 s', '1.9 s', '10 s', '14 s', '2 m 14 s', '3 h 5 m'],
    ]);
    expect([250, 1_000, 2_500].map(formatInterval)).toEqual(['250 ms', '1 s', '2.5 s']);
    expect([0, 8_192, 104 * 2 ** 20].map(formatBytes)).toEqual(['0 B', '8 KiB', '104 MiB']);
    expect(formatUtcTime('2026-11-23T03:12:44.123Z')).toBe('03:12:44 UTC');
    expect(formatUtcMs(Date.UTC(2026, 10, 23, 3, 12, 30))).toBe('03:12:30');
    expect([formatPlural(1, 'thread'), formatPlural(37, 'thread')]).toEqual(['1 thread', '37 threads']);
    expect(formatShareInterval({ value: 0.034, low: 0.031, high: 0.039 })).toBe('3.4 % (3.1–3.9)');
  });
});

describe('what is not known', () => {
  it.each([
    ['denied', 'denied'],
    ['absent', 'absent'],
    ['unsupported', 'n/a'],
    ['failed', 'failed'],
  ] as const)('says %s as a word and never as a number', (unavailable, word) => {
    const value: Unavailable = { unavailable, detail: 'because' };
    expect(formatKnown<number>(value, formatCount)).toBe(word);
  });

  it('tells a known zero from it', () => expect(formatKnown<number>(0, formatCount)).toBe('0'));
});

describe('a share found by sampling', () => {
  it.each([
    [0, 0.012, '<1.2 %'],
    [0, 0.000001, '<0.01 %'],
    [0, 0.00082, '<0.09 %'],
    [0, 0.0009, '<0.09 %'],
    [0, 0.00431, '<0.44 %'],
    [0, 0.124, '<13 %'],
    [0, 0, '0 %'],
    [0.00002, 0.07, '<7 %'],
    [0.033, 0.04, '<4 %'],
  ])('of %d, at most %d, is %s: none found is not none', (value, high, text) =>
    expect(formatSampledShare({ value, low: 0, high })).toBe(text),
  );

  it.each([
    [0.0014, 0.0012, 0.0712, 10, '0.12–7.1 %'],
    [0.0014, 0.0012, 0.0712, 7, '0.1–8 %'],
    [0.0014, 0.00012, 0.0712, 7, '<7.2 %'],
    [0.0014, 0.00002, 0.0712, 10, '<7.2 %'],
    [0.0014, 0.0012, 0.0016, 7, '0.14 %'],
    [0.0025, 0.0003, 0.0031, 10, '0.03–0.4 %'],
  ])('of %d, from %d to %d, is in %d columns %s: limits far apart are told', (value, low, high, room, text) =>
    expect(formatSampledShare({ value, low, high }, room)).toBe(text),
  );

  it('has its upper limit behind <, whole or as a part', () => {
    expect(formatShareInterval({ value: 0.00002, low: 0, high: 0.07 })).toBe('<7 %');
    expect(formatShareInterval({ value: 0.0014, low: 0.0012, high: 0.071 })).toBe('0.14 % (0.12–7.1)');
  });
});

describe('an estimated rate', () => {
  it.each([
    [81_000, 76_400, 85_900, 7, '≈81 k'],
    [1_000, 576, 3_640_457, 9, '570–3.7 M'],
    [1_000, 576, 3_640_457, 7, '500–4 M'],
    [1_000, 576, 3_640_457, 6, '<3.7 M'],
    [190_000, 8_200, 300_000, 7, '8–300 k'],
    [190_000, 0, 300_000, 7, '<300 k'],
    [0, 0, 284, 7, '<290'],
  ])('of %d, from %d to %d, is in %d columns %s', (value, low, high, room, text) =>
    expect(formatEstimated({ value, low, high }, room)).toBe(text),
  );
});
