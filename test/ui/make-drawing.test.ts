import { describe, expect, it } from 'vitest';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import type { ChartRequest } from '../../src/view/drawing.ts';

const request = (newestMs: number, changes: Partial<ChartRequest> = {}): ChartRequest => ({
  subject: 'slot 1',
  points: Array.from({ length: 60 }, (_, index) => ({ atMs: newestMs - (59 - index) * 500, value: 20 + (index % 7) })),
  endMs: newestMs,
  width: 60,
  height: 12,
  scale: 'linear',
  unit: 'ns',
  behindSeconds: 0,
  ...changes,
});

describe('makeDrawing', () => {
  it('draws a live chart anew at most once a second', () => {
    const drawing = makeDrawing('braille');
    const first = drawing.chart(request(1_000_000));
    expect(drawing.chart(request(1_000_500))).toBe(first);
    expect(drawing.chart(request(1_001_000))).not.toBe(first);
  });

  it.each<[string, Partial<ChartRequest>]>([
    ['clock', { subject: 'slot 3' }],
    ['width', { width: 50 }],
    ['height', { height: 10 }],
    ['scale', { scale: 'log' }],
    ['moment it is paused at', { behindSeconds: 12 }],
    ['name of the newest moment', { over: true }],
  ])('draws anew when the %s is another', (_what, changes) => {
    const drawing = makeDrawing('block');
    expect(drawing.chart(request(1_000_000, changes))).not.toBe(drawing.chart(request(1_000_000)));
  });

  it('follows every step while paused', () => {
    const drawing = makeDrawing('ascii');
    const first = drawing.chart(request(1_000_000, { behindSeconds: 12 }));
    expect(drawing.chart(request(999_500, { behindSeconds: 12.4 }))).not.toBe(first);
  });

  it.each(['braille', 'block', 'ascii'] as const)('fills the size asked for with %s', (symbols) => {
    const rows = makeDrawing(symbols).chart(request(1_000_000));
    expect(rows.length).toBe(12);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([60]));
    expect(makeDrawing(symbols).sparkline([1, 2, null, 0], 8).length).toBe(8);
  });
});
