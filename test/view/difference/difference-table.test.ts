import { describe, expect, it } from 'vitest';
import { compareWatches } from '../../../src/analysis/diff/compare-watches.ts';
import { makeDrawing } from '../../../src/ui/make-drawing.ts';
import { gridText, rowWidth } from '../../../src/view/cells.ts';
import { clockRows } from '../../../src/view/clock-rows.ts';
import { differenceTable, hasWatchedChange } from '../../../src/view/difference/difference-table.ts';
import { buildScreen } from '../../../src/view/screen.ts';
import { initialState } from '../../../src/view/screen-state.ts';
import { guestPrices, makeWatch } from '../../analysis/diff/watch-builder.ts';
import { available, denied, tscHost, unservedPrices } from '../../analysis/snapshot-builder.ts';
import { frames } from '../../ui/frames.ts';

const steady = (perSecond: number) => [['clock_gettime', 1, Array.from({ length: 10 }, () => perSecond)]] as const;
const before = makeWatch({ seed: 1, counts: steady(0), hits: [['clock_gettime', 1, 8]] });
const after = makeWatch({
  seed: 2,
  counts: steady(20_000),
  hits: [['clock_gettime', 1, 8]],
  host: { ...tscHost, currentClocksource: available('hpet') },
  prices: { ...guestPrices, ...unservedPrices(1_000) },
});
const difference = compareWatches(before, after, { version: 'test' });
const rows = clockRows(after.report);
const table = (width: number, height = 20) =>
  differenceTable({ difference, rows, selected: rows[1]?.key, width, height });

describe('the table of a difference', () => {
  it.each([40, 60, 80, 100, 120, 200])('fits %i columns', (width) => {
    for (const row of table(width)) expect(rowWidth(row)).toBeLessThanOrEqual(width);
  });

  it('shows before and after with a mark that needs no colour', () => {
    const text = gridText(table(120));
    expect(text).toMatch(/^[ >]! MONOTONIC +! 0 → 20 k +! [\d.]+ ns → 1\.\d+ µs +! vDSO → /m);
    expect(text).toMatch(/^[ >]= /m);
    expect(text).toContain(' changed too: clocksource: tsc → hpet');
  });

  it('keeps what matters most where there is little room', () => {
    const text = gridText(table(60, 4));
    expect(text).toContain('kernel/s');
    expect(text).not.toContain('core');
    expect(table(60, 4)).toHaveLength(4);
  });

  it('does not say that nothing changed where nothing could be told', () => {
    const unseen = { both: { entries: denied('no BPF') } };
    const untold = compareWatches(makeWatch({ seed: 1, ...unseen }), makeWatch({ seed: 2, ...unseen }), {
      version: '0',
    });
    const text = gridText(differenceTable({ difference: untold, rows, selected: undefined, width: 120, height: 20 }));
    expect(text).not.toContain('nothing changed');
    expect(text).toContain('no change by more than noise was found');
  });

  it('marks prices that were taken while watched, as the table of clocks does', () => {
    const unwatched = before.snapshots.at(-1)?.unwatched ?? [];
    const later = makeWatch({ seed: 3, counts: steady(0), unwatched, prices: { ...guestPrices, '7.vdso': 40 } });
    const within = compareWatches(before, later, { version: 'test' });
    const grid = differenceTable({ difference: within, rows, selected: undefined, width: 120, height: 20 });
    expect(hasWatchedChange(within)).toBe(true);
    expect(gridText(grid)).toMatch(/^ . THREAD_CPUTIME_ID +. 0 +. \d+ ns → \d+ ns\* /m);
    expect(gridText(grid)).toMatch(/^ . BOOTTIME +. 0 +. [\d.]+ ns → [\d.]+ ns /m);
    expect(hasWatchedChange(difference)).toBe(false);
  });

  it.each([60, 80, 100, 120, 200])('cuts no number, %i columns wide', (width) => {
    const share = (value: number) => ({ value, low: value, high: value });
    const clocks = difference.clocks.map((clock) => ({
      ...clock,
      kernelEntriesPerSecond: { ...clock.kernelEntriesPerSecond, before: 12_345, after: 98_765 },
      path: { before: 'vsyscall', after: 'mixed', verdict: 'changed' } as const,
      coreShare: { before: share(0.00013), after: share(0.00012), verdict: 'cannot-tell' } as const,
    }));
    const text = gridText(
      differenceTable({ difference: { ...difference, clocks }, rows, selected: undefined, width, height: 12 }),
    );
    expect(text.replaceAll(/^ changed.*$/gm, '')).not.toContain('…');
    if (width >= 100) expect(text).toContain('0.013 % → 0.012 %');
  });

  it('tells limits far above their values', () => {
    const far = { value: 0.0014, low: 0.0012, high: 0.071 };
    const clocks = difference.clocks.map((clock) => ({
      ...clock,
      coreShare: { before: far, after: far, verdict: 'cannot-tell' } as const,
    }));
    const shown = (width: number) =>
      gridText(
        differenceTable({ difference: { ...difference, clocks }, rows, selected: undefined, width, height: 12 }),
      );
    expect(shown(200)).toContain('? 0.12–7.1 %');
    expect(shown(100)).toContain('? 0.1–8 %');
  });

  it('says on the narrowest screen which of the rows are seen, and what an asterisk means', () => {
    const unwatched = before.snapshots.at(-1)?.unwatched ?? [];
    const later = makeWatch({ seed: 3, counts: steady(0), unwatched });
    const within = compareWatches(before, later, { version: 'test' });
    const input = { columns: 60, rows: 15, drawing: makeDrawing('ascii'), glossary: [], toast: undefined };
    const frame = { ...frames.healthy, difference: within };
    const state = { ...initialState, comparing: true };
    const text = gridText(buildScreen({ ...input, trace: undefined, frame, state }).grid);
    expect(text).toMatch(/\[clocks: from [\d:]+ to now\]-+ \* watched \| 1-\d of \d+ -$/m);
  });

  it('says which of the rows are seen', () => {
    const [frame] = Object.values(frames);
    if (frame === undefined) throw new Error('there is no frame');
    const screen = (columns: number, lines: number) => {
      const input = {
        columns,
        rows: lines,
        drawing: makeDrawing('ascii'),
        glossary: [],
        toast: undefined,
        trace: undefined,
      };
      const state = { ...initialState, comparing: true };
      return gridText(buildScreen({ ...input, frame: { ...frame, difference }, state }).grid);
    };
    for (const [columns, lines] of [
      [60, 15],
      [80, 24],
      [120, 24],
    ] as const)
      expect(screen(columns, lines)).toMatch(/\[clocks: from .*\d+-\d+ of \d+/);
    expect(screen(120, 60)).not.toMatch(/\[clocks: from .*\d+-\d+ of \d+/);
  });

  it('marks the chosen row', () => {
    expect(
      gridText(table(120))
        .split('\n')
        .filter((line) => line.startsWith('>')),
    ).toHaveLength(1);
  });
});
