import { describe, expect, it } from 'vitest';
import type { ClockRead } from '../../src/analysis/clock-read.ts';
import { judgeRead, judgeShare, pathOf, type Sight } from '../../src/analysis/judge-reads.ts';
import { unavailable } from './snapshot-builder.ts';

const open: Sight = { seesEntries: true, seesCalls: true, is64Bit: true };

const read = (part: Partial<ClockRead>): ClockRead => ({
  fn: 'clock_gettime',
  slot: 1,
  name: 'MONOTONIC',
  entries: 0,
  perSecond: 0,
  hits: 0,
  hitsBy: 'breakpoints on vDSO functions',
  price: { ns: { value: 165, low: 160, high: 170 } },
  coreShare: { value: 0, low: 0, high: 0 },
  fastCalls: { value: 0, low: 0, high: 0 },
  fastCoreShare: { value: 0, low: 0, high: 0 },
  mayBeMissed: false,
  tellsTime: true,
  healthyServes: true,
  served: { slot: 1, name: 'MONOTONIC', served: true },
  calls: { low: 0, high: 0 },
  fast: { low: 0, high: 0 },
  ...part,
});

/** Slow: 10 reads a second or more, of which more than 5 % enter. Entries a second, bounds of fast reads, answer. */
const shares = [
  [10, 0, 0, 'over'],
  [9.9, 0, 0, 'under'],
  [9.9, 0.1, 0.1, 'over'],
  [10, 0, 189, 'over'],
  [10, 0, 190, 'untold'],
  [10, 190, 190, 'under'],
  [10, 189, Number.POSITIVE_INFINITY, 'untold'],
  [10, 190, Number.POSITIVE_INFINITY, 'under'],
  [0.5, 0, Number.POSITIVE_INFINITY, 'under'],
  [0.6, 0, Number.POSITIVE_INFINITY, 'untold'],
  [0.6, 0, 9, 'under'],
  [0, 0, Number.POSITIVE_INFINITY, 'under'],
] as const;

describe('the share of reads that enter', () => {
  it.each(shares)('%d entries and %d to %d fast reads a second: %s', (perSecond, low, high, verdict) => {
    expect(judgeShare(read({ perSecond, fast: { low, high } }))).toBe(verdict);
  });

  it('does not matter for a clock that no healthy vDSO serves, nor for what tells no time', () => {
    expect(judgeShare(read({ perSecond: 500, healthyServes: false }))).toBe('under');
    expect(judgeShare(read({ perSecond: 500, tellsTime: false }))).toBe('under');
  });
});

describe('the verdict of one clock', () => {
  const costly = { value: 0.001, low: 0.0009, high: 0.0011 };

  it('is slow from 0.1 % of a core on, whatever the reason', () => {
    expect(judgeRead(read({ perSecond: 5_000, coreShare: costly, healthyServes: false }), open)).toBe('slow');
    expect(
      judgeRead(read({ perSecond: 5_000, coreShare: { ...costly, value: 0.00099 }, healthyServes: false }), open),
    ).toBe('fast');
  });

  it('is idle only with both eyes open', () => {
    expect(judgeRead(read({}), open)).toBe('idle');
    expect(judgeRead(read({}), { ...open, seesCalls: false })).toBe('unknown');
    expect(judgeRead(read({}), { ...open, seesEntries: false })).toBe('unknown');
    expect(judgeRead(read({ calls: { low: 0, high: 5 }, mayBeMissed: true }), open)).toBe('unknown');
  });

  it('is unknown where entries are not counted or have no price', () => {
    expect(judgeRead(read({ perSecond: unavailable('denied') }), open)).toBe('unknown');
    const unpriced = { perSecond: 5, coreShare: unavailable('absent'), healthyServes: false };
    expect(judgeRead(read(unpriced), open)).toBe('unknown');
  });

  it('of a 32-bit target is never fast', () => {
    expect(judgeRead(read({ perSecond: 5, healthyServes: false }), { ...open, seesEntries: false })).toBe('unknown');
  });
});

describe('the path of the reads that were seen', () => {
  const fast = { low: 5, high: Number.POSITIVE_INFINITY };
  const cases = [
    ['only calls', read({ hits: 8, fast }), open, 'vdso'],
    ['only entries', read({ perSecond: 9, fast: { low: 0, high: 50 } }), open, 'syscall'],
    ['both', read({ perSecond: 9, hits: 8, fast }), open, 'mixed'],
    ['both, where the vDSO does not serve it', read({ perSecond: 9, hits: 8 }), open, 'syscall'],
    ['nothing', read({ fast }), open, 'none'],
    ['entries, with the witness blind', read({ perSecond: 9, fast }), { ...open, seesCalls: false }, 'unknown'],
    ['no entries, with the witness blind', read({ fast }), { ...open, seesCalls: false }, 'unknown'],
    ['no entries of a 32-bit target', read({ fast }), { ...open, seesEntries: false }, 'unknown'],
    ['nothing told of calls that were made', read({ calls: fast, fast, mayBeMissed: true }), open, 'unknown'],
    [
      'entries, and calls of which nothing is told',
      read({ perSecond: 9, calls: fast, fast, mayBeMissed: true }),
      open,
      'unknown',
    ],
    ['a legacy vsyscall', read({ fn: 'vsyscall_time', perSecond: 9 }), open, 'vsyscall'],
    ['entries that are not counted', read({ perSecond: unavailable('denied'), hits: 8 }), open, 'unknown'],
  ] as const;

  it.each(cases)('%s', (_, seen, sight, path) => {
    expect(pathOf(seen, sight)).toBe(path);
  });
});
