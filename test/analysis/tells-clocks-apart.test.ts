import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { makeSeries } from '../../src/analysis/series.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { available, makeSnapshot } from './snapshot-builder.ts';

/** A 32-bit target whose clock reads perf counters lay to slot 36. */
const at = (seconds: number, count: number): Snapshot => {
  const snapshot = makeSnapshot({ target: { bits: available(32) } }, seconds);
  const counts = count === 0 ? [] : [{ fn: 'clock_gettime' as const, slot: 36, count }];
  const totals = { exact: true, armedForMs: seconds * 1_000, counts, threads: [], unattributed: count };
  return { ...snapshot, entries: available({ method: 'perf', sees32Bit: true, ...totals }) };
};
const reportOf = (count: number) => diagnose(makeWindow([at(1, 0), at(3, count)], []), { version: '0' });

describe('clocks that perf counters do not tell apart', () => {
  it('have no count of their own, rather than 0', () => {
    const { clocks, functions, findings } = reportOf(2_000);
    expect(clocks.find(({ id }) => id === 36)?.kernelEntriesPerSecond).toBe(1_000);
    expect(clocks.find(({ id }) => id === 3)?.kernelEntries).toEqual({
      unavailable: 'unsupported',
      detail: 'perf counters do not tell the clocks that 32-bit code reads apart',
    });
    expect(functions.find(({ fn }) => fn === 'time')?.kernelEntries).toBe(0);
    expect(findings.find(({ id }) => id === 'clocksource-not-vdso-capable')?.verdict).toBe('unknown');
  });

  it('have the count 0 where nothing was counted', () => {
    expect(reportOf(0).clocks.find(({ id }) => id === 3)?.kernelEntries).toBe(0);
  });

  it('leave gaps in the series', () => {
    const rates = (count: number, slot: number) =>
      makeSeries([at(1, 0), at(3, count)])
        .find((one) => one.slot === slot)
        ?.points.map(({ kernelEntriesPerSecond }) => kernelEntriesPerSecond);
    expect(rates(2_000, 3)).toEqual([null]);
    expect(rates(2_000, 36)).toEqual([1_000]);
    expect(rates(0, 3)).toEqual([0]);
  });
});
