import { describe, expect, it } from 'vitest';
import { compareWatches } from '../../../src/analysis/diff/compare-watches.ts';
import { gridText, rowWidth } from '../../../src/view/cells.ts';
import { clockRows } from '../../../src/view/clock-rows.ts';
import { differenceTable } from '../../../src/view/difference/difference-table.ts';
import { guestPrices, makeWatch } from '../../analysis/diff/watch-builder.ts';
import { available, denied, tscHost, unservedPrices } from '../../analysis/snapshot-builder.ts';

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

  it('marks the chosen row', () => {
    expect(
      gridText(table(120))
        .split('\n')
        .filter((line) => line.startsWith('>')),
    ).toHaveLength(1);
  });
});
