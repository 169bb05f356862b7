import { describe, expect, it } from 'vitest';
import { callRate, type WitnessedCalls, witnessCalls } from '../../src/analysis/witnessed-calls.ts';
import type { FastReadWitness } from '../../src/model/fast-reads.ts';
import type { Snapshot, Window } from '../../src/model/snapshot.ts';
import { available, denied, makeSnapshot, unavailable } from './snapshot-builder.ts';

const hit = (count: number, slot = 1) => ({ fn: 'clock_gettime' as const, slot, count });
const at = (witness: FastReadWitness): Snapshot => ({ ...makeSnapshot({}, 1), fastReads: available(witness) });

describe('vDSO calls of a window', () => {
  const first = at({ hits: [hit(10)], armedThreadMs: 200, boundedWindows: 1, windows: 2 });

  it('are differences', () => {
    const last = at({ hits: [hit(25), hit(4, 0)], armedThreadMs: 500, boundedWindows: 2, windows: 5 });
    expect(witnessCalls({ first, last })).toEqual({
      hits: [hit(15), hit(4, 0)],
      armedThreadSeconds: 0.3,
      windows: 3,
      boundedWindows: 1,
      refused: [],
    });
  });

  it('begin anew where the witness did, as after exec', () => {
    const last = at({ hits: [hit(3)], armedThreadMs: 900, boundedWindows: 0, windows: 9 });
    expect(witnessCalls({ first, last })).toMatchObject({ hits: [hit(3)], windows: 9 });
  });

  it('have the functions on which a breakpoint could not be set meanwhile, not those of before', () => {
    const reason = unavailable('failed', 'busy');
    const witness = { hits: [], armedThreadMs: 200, boundedWindows: 0, windows: 2 };
    const refusedAt = (times?: number) =>
      at({ ...witness, refused: [{ fn: 'time', reason, ...(times !== undefined && { times }) }] });
    const refusedIn = (ends: Pick<Window, 'first' | 'last'>) => {
      const calls = witnessCalls(ends);
      return 'refused' in calls && calls.refused.map(({ fn }) => fn);
    };
    expect(refusedIn({ first, last: refusedAt(1) })).toEqual(['time']);
    expect(refusedIn({ first: refusedAt(1), last: refusedAt(2) })).toEqual(['time']);
    expect(refusedIn({ first: refusedAt(2), last: refusedAt(2) })).toEqual([]);
    // An older recording tells of the newest windows alone.
    expect(refusedIn({ first: refusedAt(), last: refusedAt() })).toEqual(['time']);
  });

  it('stay unavailable with their reason', () => {
    expect(witnessCalls({ first, last: { ...first, fastReads: denied('EACCES') } })).toMatchObject({
      detail: 'EACCES',
    });
  });
});

describe('the rate that hits allow', () => {
  const witnessed = (part: Partial<WitnessedCalls>): WitnessedCalls => ({
    hits: [],
    armedThreadSeconds: 1,
    windows: 10,
    boundedWindows: 0,
    refused: [],
    ...part,
  });

  it('is bounded by silence: 4.6 calls in all the time watched, on every thread', () => {
    const { low, high } = callRate(witnessed({}), 0, 4, undefined);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(4 * 4.62, 1);
  });

  it('brackets what was caught in windows that were not cut short', () => {
    const { low, high } = callRate(witnessed({ hits: [hit(100)] }), 100, 1, undefined);
    expect(low).toBeGreaterThan(75);
    expect(low).toBeLessThan(100);
    expect(high).toBeGreaterThan(100);
    expect(high).toBeLessThan(130);
  });

  it('has no upper bound where windows were cut short by what was caught', () => {
    const { low, high } = callRate(witnessed({ hits: [hit(80)], boundedWindows: 10 }), 80, 1, undefined);
    expect(low).toBeGreaterThan(50);
    expect(high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is bounded by its part of all calls where nothing but calls would fill the CPU time', () => {
    const most = 1e6;
    const { high } = callRate(witnessed({ hits: [hit(460)], boundedWindows: 10 }), 0, 1, most);
    expect(high).toBeCloseTo(1e4, -3);
  });

  it('is not bounded by silence where too little was watched for so many threads', () => {
    expect(callRate(witnessed({}), 0, 500, undefined).high).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not known before it looked, nor for an unknown number of threads', () => {
    expect(callRate(witnessed({ windows: 0, armedThreadSeconds: 0 }), 0, 1, 1e6)).toEqual({
      low: 0,
      high: Number.POSITIVE_INFINITY,
    });
    expect(callRate(witnessed({}), 0, undefined, 1e6).high).toBe(Number.POSITIVE_INFINITY);
  });
});
