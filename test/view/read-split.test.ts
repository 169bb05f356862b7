import { describe, expect, it } from 'vitest';
import { clockRows } from '../../src/view/clock-rows.ts';
import { formatAtMost, formatBounds } from '../../src/view/format-limits.ts';
import { readSplit } from '../../src/view/read-split.ts';
import { demoReport, denied } from '../ui/frames.ts';

const row = (name: string, changes = {}) => {
  const found = clockRows(demoReport).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return { ...found, ...changes };
};

describe('both halves of a clock in words', () => {
  it('are an estimate with its interval, and an exact count', () => {
    const fastCallsPerSecond = { value: 81_300, low: 76_400, high: 85_900 };
    expect(readSplit(row('MONOTONIC', { fastCallsPerSecond, kernelEntriesPerSecond: 60_100 }), true, 14)).toBe(
      'vDSO ≈81 k/s (76–86 k) · kernel 60.1 k/s exact',
    );
    expect(readSplit(row('MONOTONIC', { fastCallsPerSecond }), true, 14)).toMatch(/· kernel 0, exact$/);
  });

  it('say that a count is none where the counter is not exact', () => {
    expect(readSplit(row('THREAD_CPUTIME_ID'), false, 14)).toBe('kernel ≈100 k/s');
  });

  it('give the number itself where the watch was short', () => {
    const counted = row('THREAD_CPUTIME_ID', { kernelEntries: 12_345, kernelEntriesPerSecond: 301_098 });
    expect(readSplit(counted, true, 0.041)).toBe('kernel 12,345 in 41 ms exact (301 k/s)');
    expect(readSplit(counted, false, 0.041)).toBe('kernel ≈300 k/s');
  });

  it('say of either that it is not known, which is not 0', () => {
    expect(readSplit(row('MONOTONIC', { fastCallsPerSecond: denied, kernelEntriesPerSecond: denied }), true, 14)).toBe(
      'vDSO calls not known (denied) · kernel entries not known (denied)',
    );
  });
});

describe('the bounds of an estimate', () => {
  it.each([
    [76_400, 85_900, '76–86 k'],
    [950, 1_090, '0.95–1.1 k'],
    [750, 710_000, '0.75–710 k'],
    [76, 710_000, '0.07–710 k'],
    [57_600, 1_090_000, '57 k–1.1 M'],
    [576, 3_640_457, '570–3.7 M'],
    [5.3, 1_600_000, '5.3–1.6 M'],
    [1.3, 1_600_000, '<0.01–1.6 M'],
    [5.3, 710_000, '0.005–710 k'],
    [0.004, 34.2, '0.004–35'],
    [0, 34.2, '0–35'],
    [999_000, 1_010_000, '0.99–1.1 M'],
    [0, 0.004, '0–0.01'],
    [0, 0, '0–0'],
    [3e-12, 5, '0–5'],
  ])('%d to %d are never narrower than they are: %s', (low, high, text) => {
    expect(formatBounds({ value: (low + high) / 2, low, high })).toBe(text);
  });
});

describe('the bound of an estimate of which nothing was caught', () => {
  it.each([
    [1_536_000, '<1.6 M'],
    [72_200, '<73 k'],
    [285, '<290'],
  ])('%d is rounded upwards, as the interval is', (high, text) => {
    expect(formatAtMost({ value: 0, low: 0, high })).toBe(text);
  });
});
