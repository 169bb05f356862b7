import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type ChartPoint, type ChartRequest, drawChart } from '../../src/chart/chart.ts';
import type { Symbols } from '../../src/chart/symbols.ts';

const everySymbols: readonly Symbols[] = ['braille', 'block', 'ascii'];

/** One point a second; 61 of them fill the minute that a chart shows. */
function points(valueAt: (second: number) => number | null, count = 61): readonly ChartPoint[] {
  return Array.from({ length: count }, (_, second) => ({ atMs: 5_000_000 + second * 1000, value: valueAt(second) }));
}

function chart(request: Partial<ChartRequest>): readonly string[] {
  return drawChart({ points: [], width: 80, height: 12, symbols: 'braille', scale: 'linear', unit: 'ns', ...request });
}

/** The plot without its labels: what stands right of the y axis, above the x axis. */
function plotOf(rows: readonly string[]): readonly string[] {
  const axis = Math.max(...['⡇', '│', '|'].map((sign) => rows[0]?.indexOf(sign) ?? -1));
  return rows.slice(0, -2).map((row) => row.slice(axis + 1));
}

function labelsOf(rows: readonly string[]): readonly string[] {
  return rows.slice(0, -2).flatMap((row) => /^ *([^⡇│|]*)[⡇│|]/.exec(row)?.[1] || []);
}

/** For each column, the row of its highest mark, counted from the bottom; undefined where the column is blank. */
function heightsOf(plot: readonly string[]): readonly (number | undefined)[] {
  return Array.from(plot[0] ?? '', (_, column) => {
    const row = plot.findIndex((cells) => cells.charAt(column) !== ' ');
    return row < 0 ? undefined : plot.length - 1 - row;
  });
}

describe('a chart', () => {
  it('rises with its values, from the axis to the top, with units beside and time below', () => {
    expect(chart({ points: points((second) => second), width: 40, height: 8 })).toEqual([
      '     ⡇                                  ',
      '60 ns⡇                           ⢀⣀⠤⠤⠒⠊⠉',
      '40 ns⡇                    ⣀⣀⠤⠔⠒⠊⠉⠁      ',
      '     ⡇            ⢀⣀⡠⠤⠒⠒⠊⠉              ',
      '20 ns⡇     ⢀⣀⠤⠤⠔⠒⠉⠁                     ',
      '    0⡇⡠⠤⠒⠊⠉⠁                            ',
      '     ⠓⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒',
      '      −60s          −30s             now',
    ]);
  });

  it.each(everySymbols)('keeps a spike of one second in view in %s', (symbols) => {
    const rows = chart({ points: points((second) => (second === 30 ? 160 : 25)), symbols, width: 60 });
    const heights = heightsOf(plotOf(rows)).map((height) => height ?? -1);
    const top = heights.indexOf(Math.max(...heights));
    expect(heights[top]).toBeGreaterThan((heights[0] ?? 0) + 5);
    expect(top).toBeGreaterThan(heights.length * 0.45);
    expect(top).toBeLessThan(heights.length * 0.55);
    expect(heights.at(-1)).toBe(heights[0]);
  });

  it.each(everySymbols)('leaves a gap blank and draws zero on the baseline in %s', (symbols) => {
    const valueAt = (second: number) => (second > 20 && second < 40 ? null : second < 30 ? 0 : 100);
    const heights = heightsOf(plotOf(chart({ points: points(valueAt), symbols })));
    const part = (from: number, to: number) =>
      new Set(heights.slice(Math.ceil(heights.length * from), Math.floor(heights.length * to)));
    expect(part(0, 0.33)).toEqual(new Set([0]));
    expect(part(0.36, 0.64)).toEqual(new Set([undefined]));
    expect([...part(0.68, 1)].every((height) => height !== undefined && height > 5)).toBe(true);
  });

  it('draws the same line with a gap in it as without, but for the gap', () => {
    const valueAt = (second: number) => 100 + 80 * Math.sin(second / 6);
    const whole = plotOf(chart({ points: points(valueAt) }));
    const broken = plotOf(
      chart({ points: points((second) => (second >= 29 && second <= 31 ? null : valueAt(second))) }),
    );
    const inGap = (column: number) => column >= 33 && column <= 39;
    const outside = (rows: readonly string[]) =>
      rows.map((row) => [...row].filter((_, column) => !inGap(column)).join(''));
    expect(outside(broken)).toEqual(outside(whole));
    expect(heightsOf(broken).slice(35, 37)).toEqual([undefined, undefined]);
    expect(heightsOf(whole)).not.toContain(undefined);
  });

  it('draws no line over seconds for which there is no point at all', () => {
    const slept = points(() => 50).filter(({ atMs }) => atMs < 5_020_000 || atMs > 5_040_000);
    const heights = heightsOf(plotOf(chart({ points: slept })));
    expect(heights.slice(28, 44).every((height) => height === undefined)).toBe(true);
    expect(heights[10]).toBeDefined();
  });

  it('leaves the past blank from which there is nothing yet', () => {
    const heights = heightsOf(plotOf(chart({ points: points(() => 50, 16) })));
    const firstDrawn = heights.findIndex((height) => height !== undefined);
    expect(firstDrawn / heights.length).toBeCloseTo(0.75, 1);
    expect(heights.slice(firstDrawn)).not.toContain(undefined);
  });

  it('leaves the stretch blank that has passed since the newest point', () => {
    const heights = heightsOf(plotOf(chart({ points: points(() => 50, 46), endMs: 5_060_000 })));
    expect(heights.findLastIndex((height) => height !== undefined) / heights.length).toBeCloseTo(0.75, 1);
    expect(heights.at(-1)).toBeUndefined();
  });

  it.each(everySymbols)('tells a second line from the first in %s', (symbols) => {
    const first = points(() => 160);
    const second = points(() => 25);
    const marks = (rows: readonly string[]) => plotOf(rows).map((row) => row.replaceAll(' ', '').slice(0, 1));
    const both = chart({ points: first, second, symbols });
    const drawn = marks(both).filter((mark) => mark !== '');
    expect(new Set(marks(chart({ points: first, symbols })))).not.toEqual(new Set(drawn));
    expect(plotOf(both).at(-2)).not.toBe(plotOf(chart({ points: second, second: first, symbols })).at(-2));
  });

  it('scales to what it shows, not to what has left the window', () => {
    const old = { atMs: 4_000_000, value: 1e9 };
    expect(labelsOf(chart({ points: [old, ...points(() => 20)] }))).toEqual(
      labelsOf(chart({ points: points(() => 20) })),
    );
  });
});

describe('the value axis', () => {
  it.each([
    ['ns', 30, ['30 ns', '20 ns', '10 ns', '0']],
    ['ns', 2_400, ['2.5 µs', '2 µs', '1.5 µs', '1 µs', '500 ns', '0']],
    ['/s', 90_000, ['80k/s', '60k/s', '40k/s', '20k/s', '0']],
    ['/s', 0.4, ['0.4/s', '0.3/s', '0.2/s', '0.1/s', '0']],
  ])('is labelled in %s up to %d', (unit, greatest, labels) => {
    expect(labelsOf(chart({ points: points(() => greatest), unit }))).toEqual(labels);
  });

  it.each(everySymbols)('has a label for every decade of a logarithmic scale in %s, at even distances', (symbols) => {
    const rows = chart({
      points: points((second) => 10 ** (second / 15)),
      scale: 'log',
      unit: '/s',
      symbols,
      height: 15,
    });
    const labelled = rows.flatMap((row, index) => (/^ *[1-9].*\/s/.test(row) ? [index] : []));
    expect(labelsOf(rows)).toEqual(['10k/s', '1k/s', '100/s', '10/s', '1/s']);
    const distances = labelled.slice(1).map((row, index) => row - (labelled[index] ?? 0));
    expect(Math.max(...distances) - Math.min(...distances)).toBeLessThanOrEqual(1);
  });

  it('makes an exponential a straight line on a logarithmic scale', () => {
    const rows = chart({ points: points((second) => 10 ** (second / 15)), scale: 'log', height: 15 });
    const heights = heightsOf(plotOf(rows)).map((height) => height ?? -1);
    const middle = heights[heights.length >> 1] ?? 0;
    expect(middle).toBeCloseTo(((heights[0] ?? 0) + (heights.at(-1) ?? 0)) / 2, 0);
    expect([...heights].sort((a, b) => a - b)).toEqual(heights);
  });

  it('gives zero a row of its own on a logarithmic scale', () => {
    const rows = chart({ points: points((second) => (second < 30 ? 0 : 100)), scale: 'log' });
    expect(labelsOf(rows).at(-1)).toBe('0');
    expect(plotOf(rows).at(-1)).toMatch(/^[^ ]{20}/);
    expect(
      plotOf(chart({ points: points(() => 200), scale: 'log' }))
        .at(-1)
        ?.trim(),
    ).toBe('');
  });
});

describe('the time axis', () => {
  it('ends in now, or in how long ago the newest point was', () => {
    expect(chart({ points: points(() => 1) }).at(-1)).toMatch(/−60s .*−30s .* now$/);
    expect(chart({ points: points(() => 1), behindSeconds: 12 }).at(-1)).toMatch(/−72s .* −12s$/);
    expect(chart({ points: points(() => 1), over: true }).at(-1)).toMatch(/−30s .* end$/);
    expect(chart({ points: points(() => 1), windowMs: 600_000 }).at(-1)).toMatch(/−10m .*−6m .* now$/);
  });

  it('is pure ASCII where everything is', () => {
    const rows = chart({ points: points((second) => second * 100), symbols: 'ascii' });
    expect(rows.join('')).toMatch(/^[\x20-\x7e]+$/);
    expect(rows.at(-1)).toMatch(/-60s/);
    expect(rows.join()).toContain('4 us');
  });
});

describe('whatever it is given', () => {
  const shapes: Readonly<Record<string, readonly ChartPoint[]>> = {
    nothing: [],
    'one point': points(() => 25, 1),
    'one gap': points(() => null, 1),
    'only gaps': points(() => null),
    'only zeros': points(() => 0),
    'the smallest': points(() => 5e-324),
    'the greatest': points((second) => (second % 2 === 0 ? Number.MAX_VALUE : 1)),
    'what is not finite': points(
      (second) => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][second % 3] ?? 0,
    ),
    'below zero': points((second) => -second),
    'many points': points((second) => second, 20_000),
    'all at once': points((second) => second).map(({ value }) => ({ atMs: 7, value })),
  };
  const sizes = [0, 1, 4, 5, 23, 24, 61, 116, 240].flatMap((width) =>
    [0, 1, 4, 5, 10, 70].map((height) => ({ width, height })),
  );

  it.each(Object.keys(shapes))('fills exactly its rows and columns with one-column characters: %s', (name) => {
    for (const symbols of everySymbols)
      for (const scale of ['linear', 'log'] as const)
        for (const size of sizes) {
          // Beside another line, whose scale it then shares, and alone.
          const second = size.width % 2 === 0 ? { second: points(() => 9) } : {};
          const rows = chart({ points: shapes[name] ?? [], ...second, symbols, scale, ...size });
          expect(rows).toHaveLength(size.height);
          expect(rows.filter((row) => row.length !== size.width || stringWidth(row) !== size.width)).toEqual([]);
          expect(rows.join()).not.toMatch(/NaN|Infinity|undefined|\u001b/);
        }
  });
});

it('leaves the process as it found it: no handlers, no terminal settings, no warnings', async () => {
  const events = ['exit', 'uncaughtException', 'SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGWINCH'];
  const listeners = () => events.map((event) => process.listenerCount(event));
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const before = listeners();
  chart({ points: points((second) => second) });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', note);
  expect(listeners()).toEqual(before);
  expect(warnings).toEqual([]);
});
