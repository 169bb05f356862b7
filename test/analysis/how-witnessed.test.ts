import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { diagnose } from '../../src/analysis/diagnose.ts';
import type { EntryFunction } from '../../src/model/clock-calls.ts';
import type { FastWindow, RefusedFunction } from '../../src/model/fast-reads.ts';
import { available, makeScenario, type Rates, unavailable } from './snapshot-builder.ts';

const all: readonly EntryFunction[] = ['clock_gettime', 'gettimeofday', 'time', 'getcpu'];
const busy = unavailable('failed', 'busy: the debug registers are taken by a debugger or another profiler');

/** Windows of one thread that looked for these functions and met so many calls of gettimeofday each. */
function windows(tid: number, count: number, functions: readonly EntryFunction[], met = 0, armedMs = 50) {
  const hits = (fn: EntryFunction) => (fn === 'gettimeofday' && met > 0 ? [{ slot: 0, count: met }] : []);
  return Array.from({ length: count }, () => ({
    tid,
    armedMs,
    functions: functions.map((fn) => ({ fn, hits: hits(fn) })),
  }));
}

interface Seen {
  readonly refused?: readonly RefusedFunction[];
  readonly hits?: Rates;
  readonly entries?: Rates;
  readonly threads?: number;
}

function windowOf(fastWindows: readonly FastWindow[], { refused = [], hits = [], ...scenario }: Seen = {}) {
  const seconds = 10;
  const witness = {
    hits: hits.map(([fn, slot, perSecond]) => ({ fn, slot, count: perSecond * seconds })),
    armedThreadMs: fastWindows.reduce((sum, { armedMs }) => sum + armedMs, 0),
    boundedWindows: 0,
    windows: fastWindows.length,
    ...(refused.length > 0 && { refused }),
  };
  const nothing = { ...witness, hits: [], armedThreadMs: 0, windows: 0, refused: [] };
  const window = makeScenario({
    threads: 2,
    seconds,
    cpuCores: 0.3,
    ...scenario,
    last: { fastWindows, fastReads: available(witness) },
  });
  return { ...window, first: { ...window.first, fastReads: available(nothing) } };
}

const reportOf = (...seen: Parameters<typeof windowOf>) => diagnose(windowOf(...seen), { version: 'test' });
const gettimeofdayOf = ({ functions }: ReturnType<typeof diagnose>) =>
  functions.find(({ fn }) => fn === 'gettimeofday');

describe('a function on which no breakpoint could be set in one of two threads', () => {
  const other = windows(2, 10, all);
  const refused = [{ fn: 'gettimeofday', reason: busy, times: 10 }] as const;

  it('is not idle for being silent in the other', () => {
    for (const report of [
      reportOf([...windows(1, 10, ['clock_gettime']), ...other]),
      // Of the thread of which all four debug registers are held there are no windows.
      reportOf(other, { refused }),
    ]) {
      expect(gettimeofdayOf(report)).toMatchObject({
        verdict: 'unknown',
        path: 'unknown',
        fastCallsSeen: { unavailable: 'failed' },
      });
      expect(report).toMatchObject({ verdict: 'unknown', idle: false });
      expect(report.headline).toContain('gettimeofday() through the vDSO cannot be seen');
      expect(report.clocks.find(({ name }) => name === 'MONOTONIC')).toMatchObject({ verdict: 'idle', path: 'none' });
    }
  });

  it('is told of with its reason, and does not rule out what fast reads cost', () => {
    const report = reportOf(other, { refused });
    expect(gettimeofdayOf(report)?.fastCallsSeen).toEqual(busy);
    expect(report.limits).toContainEqual(expect.objectContaining({ reading: 'vDSO calls of gettimeofday()' }));
    expect(report.findings.find(({ id }) => id === 'fast-but-hot')?.verdict).toBe('unknown');
  });

  it('may have more calls than those that were caught', () => {
    const seen = { refused, hits: [['gettimeofday', 0, 2]] } as const;
    const read = layBasis(windowOf(windows(2, 10, all, 2), seen)).functions.find(({ fn }) => fn === 'gettimeofday');
    expect(read).toMatchObject({ hits: 20, mayBeMissed: true });
    const alone = layBasis(windowOf(windows(2, 10, all, 2), { hits: seen.hits }));
    expect(alone.functions.find(({ fn }) => fn === 'gettimeofday')).toMatchObject({ hits: 20, mayBeMissed: false });
  });

  it('is read both ways where it enters too, and calls were caught', () => {
    const entries = [['gettimeofday', 0, 5]] as const;
    const report = reportOf(windows(2, 10, all, 20), { refused, entries, hits: [['gettimeofday', 0, 20]] });
    expect(gettimeofdayOf(report)?.path).toBe('mixed');
  });
});

it('a function that one short window looked for is not slow for what it did not meet there', () => {
  const seldom = [...windows(1, 199, ['clock_gettime']), ...windows(1, 1, all, 0, 5)];
  const report = reportOf(seldom, { threads: 1, entries: [['gettimeofday', 0, 12]] });
  expect(gettimeofdayOf(report)).toMatchObject({ verdict: 'unknown', path: 'unknown' });
  expect(report.verdict).toBe('unknown');
  const always = reportOf(windows(1, 200, all), { threads: 1, entries: [['gettimeofday', 0, 12]] });
  expect(gettimeofdayOf(always)).toMatchObject({ verdict: 'slow', path: 'syscall' });
});

it('what is looked for everywhere is idle where nothing was met', () => {
  expect(reportOf([...windows(1, 10, all), ...windows(2, 10, all)])).toMatchObject({ idle: true });
});
