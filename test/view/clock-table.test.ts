import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { rowText, rowWidth } from '../../src/view/cells.ts';
import { clockRows, firstRow } from '../../src/view/clock-rows.ts';
import { clockTable } from '../../src/view/clock-table.ts';
import type { Drawing } from '../../src/view/drawing.ts';
import { demoReport, denied, healthyReport, seriesOf } from '../ui/frames.ts';

const drawing: Drawing = {
  symbols: 'block',
  sparkline: (values, width) => (values.every((value) => value === 0) ? '_' : '#').repeat(width),
  chart: () => [],
};

function table(report: Report, width: number, selected?: string): readonly string[] {
  const rows = clockRows(report);
  const input = { report, series: seriesOf(report), rows, selected, width, height: rows.length + 1, drawing };
  const grid = clockTable(input);
  for (const row of grid) expect(rowWidth(row)).toBeLessThanOrEqual(width);
  return grid.map(rowText);
}

const lineOf = (lines: readonly string[], name: string) => lines.find((line) => line.includes(` ${name}`)) ?? '';
const withClock = (report: Report, name: string, changes: Partial<Report['clocks'][number]>): Report => ({
  ...report,
  clocks: report.clocks.map((clock) => (clock.name === name ? { ...clock, ...changes } : clock)),
});

describe('the clock table', () => {
  it('says in one line what a clock costs', () => {
    const line = lineOf(table(demoReport, 120), 'THREAD_CPUTIME_ID');
    expect(line).toMatch(/^ ! 3 THREAD_CPUTIME_ID +SLOW syscall +– +100 k +– +298 ns +3 % +4\.8 % #+│#*$/);
  });

  it('leaves a gap between a price with an asterisk and one of a microsecond', () => {
    const dear = { p50: 868, p10: 860, p90: 880, p99: 900, batches: 30, taken: 'watched' as const };
    const ns = { vdso: dear, syscall: { ...dear, p50: 1_010, taken: 'unwatched' as const } };
    const both = withClock(demoReport, 'THREAD_CPUTIME_ID', { ns, servedByVdso: false });
    for (const width of [80, 99, 100, 120, 200])
      expect(lineOf(table(both, width), 'THREAD_CPUTIME')).toMatch(/ 868 ns\* .*1\.01 µs/);
    const dearer = { ...ns, vdso: { ...dear, p50: 1_234 } };
    const dearest = withClock(demoReport, 'THREAD_CPUTIME_ID', { ns: dearer, servedByVdso: false });
    expect(lineOf(table(dearest, 80), 'THREAD_CPUTIME')).toMatch(/ 1\.2 µs\* 1\.01 µs/);
    expect(lineOf(table(dearest, 100), 'THREAD_CPUTIME')).toMatch(/ 1\.23 µs\* 1\.01 µs/);
  });

  it('tells slow, read and idle clocks apart without colour', () => {
    const lines = table(demoReport, 60);
    expect(lineOf(lines, 'REALTIME ')).toMatch(/^ ! 0/);
    expect(lineOf(lines, 'MONOTONIC ')).toMatch(/^ \+ 1.*vDSO/);
    expect(lineOf(lines, 'TAI')).toMatch(/^ -11.*none/);
  });

  it('drops columns by importance and keeps whole names and units', () => {
    const heads = [60, 80, 100, 120, 200].map((width) => table(demoReport, width)[0] ?? '');
    expect(heads[0]).toMatch(/id clock +path +vDSO\/s kern\/s syscall +core$/);
    expect(heads[1]).toMatch(/vDSO\/s kernel\/s +vDSO syscall +core 60 s$/);
    expect(heads[2]).toMatch(/of CPU 60 s$/);
    expect(heads[4]).toMatch(/vDSO\/s +from–to kernel\/s entries +vDSO +p10–p90 +syscall +p10–p90 +libc speedup/);
    for (const width of [60, 80, 120]) expect(table(demoReport, width).join('\n')).not.toContain('…');
  });

  it('puts slow clocks first, then the others by id, then the functions that were called', () => {
    const names = clockRows(demoReport).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['REALTIME', 'THREAD_CPUTIME_ID', 'MONOTONIC']);
    expect(names.at(-1)).toBe('gettimeofday()');
    expect(names).not.toContain('getcpu()');
  });

  it.each([60, 80, 100, 120, 200])('tells limits that lie far above their values, %i columns wide', (width) => {
    const apart = withClock(demoReport, 'MONOTONIC', {
      fastCallsPerSecond: { value: 1_000, low: 576, high: 3_640_457 },
      coreShare: { value: 0.0014, low: 0.0012, high: 0.071 },
      targetCpuShare: 0.014,
    });
    const line = lineOf(table(apart, width), 'MONOTONIC ');
    expect(line).not.toContain('…');
    expect(line).toMatch(/<3\.7 M|500–4 M|≈1 k +570–3\.7 M/);
    expect(line).toMatch(width < 100 ? / 0\.1–8 %/ : / 0\.12–7\.1 % +1–80 %/);
    expect(line).not.toContain('0.14 %');
  });

  it('says of the fast path neither a share nor 0 where CPU samples only bound it', () => {
    const bounded = withClock(demoReport, 'MONOTONIC', {
      coreShare: { value: 0, low: 0, high: 0.074 },
      targetCpuShare: 0,
    });
    expect(lineOf(table(bounded, 120), 'MONOTONIC ')).toMatch(/<7\.4 % +\? [#_]+│[#_]*$/);
  });

  it('marks every count as an estimate when not all entries were counted', () => {
    const sampled: Report = { ...demoReport, coverage: { ...demoReport.coverage, entriesCounted: 0.4 } };
    expect(lineOf(table(sampled, 120), 'THREAD_CPUTIME_ID')).toContain('≈100 k');
    expect(lineOf(table(sampled, 120), 'TAI')).toContain('≈0');
    expect(lineOf(table(demoReport, 120), 'THREAD_CPUTIME_ID')).not.toContain('≈');
  });

  it('shows both halves of a clock, the estimate with its interval where there is room', () => {
    const wide = lineOf(table(demoReport, 120), 'REALTIME ');
    expect(wide).toMatch(/SLOW vDSO\+kernel +≈4\.1 k +3\.8–4\.4 k +28\.3 k /);
    expect(lineOf(table(demoReport, 80), 'REALTIME ')).toMatch(/mixed +≈4\.1 k +28\.3 k /);
    expect(lineOf(table(demoReport, 60), 'REALTIME ')).toMatch(/mixed +≈4\.1 k +28\.3 k /);
  });

  it('estimates nothing for a clock that no vDSO here serves, and never makes unknown a zero', () => {
    expect(lineOf(table(demoReport, 80), 'THREAD_CPUTIME')).toMatch(/syscall +– +100 k/);
    const blind = withClock(demoReport, 'MONOTONIC', { fastCallsPerSecond: denied });
    expect(lineOf(table(blind, 80), 'MONOTONIC ')).toMatch(/vDSO +denied +0 /);
    const blindToAll = {
      ...demoReport,
      clocks: demoReport.clocks.map((one) => ({ ...one, fastCallsPerSecond: denied })),
    };
    const functions = demoReport.functions.map((one) => ({ ...one, fastCallsPerSecond: denied }));
    expect(table({ ...blindToAll, functions }, 80)[0]).not.toContain('vDSO/s');
  });

  it('marks a price that was taken while counters were armed', () => {
    const watched = { p50: 312, p10: 300, p90: 320, p99: 330, batches: 3, taken: 'watched' } as const;
    const line = lineOf(table(withClock(demoReport, 'REALTIME', { ns: { syscall: watched } }), 120), 'REALTIME ');
    expect(line).toContain('312 ns*');
  });

  it('shows an unavailable count beside a known zero as different things', () => {
    const mixed = withClock(healthyReport, 'TAI', { kernelEntriesPerSecond: denied, coreShare: denied });
    expect(lineOf(table(mixed, 80), 'TAI')).toMatch(/none +≈0 +denied .* denied/);
    expect(lineOf(table(mixed, 80), 'BOOTTIME ')).toMatch(/none +≈0 +0 .* 0 %/);
  });

  it('marks a slow function, with its path and part of the CPU', () => {
    const changes = { kernelEntriesPerSecond: 9e5, targetCpuShare: 0.31, path: 'mixed', verdict: 'slow' } as const;
    const functions = demoReport.functions.map((one) => (one.fn === 'gettimeofday' ? { ...one, ...changes } : one));
    expect(lineOf(table({ ...demoReport, functions }, 120), 'gettimeofday()')).toMatch(
      /^ ! {3}gettimeofday\(\) +SLOW vDSO\+kernel .* 31 %/,
    );
  });

  it.each([
    ['vdso', '\\+', 'fast vDSO'],
    ['syscall', '\\.', 'few  syscall'],
    ['vsyscall', '\\.', 'few  vsyscall'],
    ['unknown', '\\.', 'few  \\?'],
    ['mixed', '\\+', 'fast vDSO\\+kernel'],
  ] as const)('calls a clock fast only where its reads stay in the vDSO: by %s', (path, mark, words) => {
    const report = withClock(demoReport, 'TAI', { verdict: 'fast', path });
    expect(lineOf(table(report, 120), 'TAI')).toMatch(new RegExp(`^ ${mark}11 TAI +${words}`));
  });

  it('gives no id to clocks that only vdsotop numbers', () => {
    const clocks = demoReport.clocks.map((clock) =>
      clock.id === 3 ? { ...clock, id: 35, name: 'id no clock has' } : clock,
    );
    expect(lineOf(table({ ...demoReport, clocks }, 80), 'id no clock has')).toMatch(/^ ! – id no clock has/);
  });

  it('has no column for intervals where only bounds are known', () => {
    const bound = { value: 0, low: 0, high: 72_200 };
    const clocks = demoReport.clocks.map((one) => ({ ...one, fastCallsPerSecond: bound }));
    const functions = demoReport.functions.map((one) => ({ ...one, fastCallsPerSecond: bound }));
    const text = table({ ...demoReport, clocks, functions }, 200).join('\n');
    expect(text).toContain('<73 k');
    expect(text).not.toContain('from–to');
  });

  it('marks the selected row', () => {
    expect(lineOf(table(demoReport, 80, 'slot 1'), 'MONOTONIC ')).toMatch(/^>\+ 1/);
  });
});

describe('the row shown first', () => {
  it('is the slow clock that costs most, as the headline has it', () => {
    expect(firstRow(clockRows(demoReport))?.name).toBe('THREAD_CPUTIME_ID');
    const clocks = demoReport.clocks.map((clock) =>
      clock.name === 'REALTIME' ? { ...clock, coreShare: { value: 0.9, low: 0.8, high: 1 } } : clock,
    );
    expect(firstRow(clockRows({ ...demoReport, clocks }))?.name).toBe('REALTIME');
  });

  it('is a function that enters the kernel where no clock is slow', () => {
    const report: Report = { ...demoReport, clocks: healthyReport.clocks };
    expect(firstRow(clockRows(report))?.name).toBe('gettimeofday()');
  });

  it('is a clock that is read where nothing is wrong', () => {
    expect(firstRow(clockRows(healthyReport))?.name).toBe('REALTIME');
  });
});
