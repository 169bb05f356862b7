import { describe, expect, it } from 'vitest';
import { sparkline } from '../../src/chart/sparkline.ts';
import type { Symbols } from '../../src/chart/symbols.ts';

const everySymbols: readonly Symbols[] = ['braille', 'block', 'ascii'];

describe('sparkline', () => {
  it.each([
    ['block', [null, 0, 1, 5, 10], ' ▁▂▅█'],
    ['ascii', [null, 0, 1, 5, 10], ' _.=#'],
    ['braille', [null, null, 0, 0, 0, 10, 10, 10], ' ⣀⣸⣿'],
  ] as const)('draws gap, zero and values to the height of the greatest in %s', (symbols, values, expected) => {
    expect(sparkline(values, expected.length, symbols)).toBe(expected);
  });

  it.each(everySymbols)('never draws zero as a gap, nor anything positive as zero, in %s', (symbols) => {
    const [gap, zero, little] = [null, 0, 1e-9].map((value) =>
      sparkline([value, value, 1e9, 1e9], 2, symbols).slice(0, -1),
    );
    expect(new Set([gap, zero, little]).size).toBe(3);
  });

  it.each(everySymbols)('draws what is not finite as the gap it is in %s', (symbols) => {
    const holes = sparkline([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 3, 3], 6, symbols);
    expect(holes).toBe(sparkline([null, null, null, null, 3, 3], 6, symbols));
  });

  it('puts the newest value at the right and blanks where there is none yet', () => {
    expect(sparkline([1, 2], 5, 'block')).toBe('   ▅█');
  });

  it('shows every spike however narrow it is', () => {
    const values = Array.from({ length: 600 }, (_, index) => (index === 251 ? 100 : 1));
    expect(sparkline(values, 20, 'block')).toMatch(/^▂{8}█▂{11}$/);
  });

  it.each(everySymbols)('fills exactly the width it is given in %s', (symbols) => {
    for (const width of [0, 1, 7, 60, 240])
      for (const values of [[], [null], [0, 0, 0], [5, 5, 5], [Number.MAX_VALUE, 5e-324], Array(1000).fill(2)])
        expect(sparkline(values, width, symbols)).toHaveLength(width);
    expect(sparkline([1], -3, symbols)).toBe('');
  });
});
