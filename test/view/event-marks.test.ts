import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/chart/chart.ts';
import { eventMarks, markSparkline } from '../../src/view/event-marks.ts';

describe('marks of events', () => {
  it('stand for what may explain a change, and not for what vdsotop does', () => {
    const events = (['attached', 'clocksource-switched', 'gap', 'throttled', 'reset', 'time-jumped'] as const).map(
      (kind, index) => ({ kind, atMs: index, text: '' }),
    );
    expect(eventMarks(events)).toEqual([1, 3, 5]);
  });

  it.each([
    [60_000, '.........│'],
    [60_400, '.........│'],
    [30_000, '....│.....'],
    [1, '│.........'],
    [0, '..........'],
    [-5_000, '..........'],
    [70_000, '..........'],
  ])('at %i ms of a minute stand at their place', (atMs, expected) => {
    expect(markSparkline('.'.repeat(10), [atMs], { newestMs: 60_000, seconds: 60 })).toBe(expected);
  });

  it.each(['braille', 'block', 'ascii'] as const)('stand below a chart of %s at their moment', (symbols) => {
    const points = Array.from({ length: 61 }, (_, second) => ({ atMs: second * 1_000, value: 20 }));
    const request = { points, width: 70, height: 10, symbols, scale: 'linear', unit: 'ns', endMs: 60_000 } as const;
    const plain = drawChart(request);
    const marked = drawChart({ ...request, marks: [30_000, 200_000] });
    const axis = 8;
    const arrow = symbols === 'ascii' ? '^' : '↑';
    const changed = marked.flatMap((row, index) => (row === plain[index] ? [] : [index]));
    expect(changed).toEqual([axis]);
    const columns = Array.from(marked[axis] ?? '');
    expect(columns).toHaveLength(70);
    expect(columns.filter((character) => character === arrow)).toHaveLength(1);
    // Half of the minute lies in the middle of what is right of the labels.
    const gutter = 70 - 60;
    expect(Math.abs(columns.indexOf(arrow) - (gutter + 30))).toBeLessThanOrEqual(5);
  });
});
