import { describe, expect, it } from 'vitest';
import { interruptedCalls } from '../../src/analysis/clock-times.ts';
import type { CallSites } from '../../src/model/call-sites.ts';
import type { ClockSlot, EntryFunction } from '../../src/model/clock-calls.ts';
import { places, vdsoSite } from './call-sites-builder.ts';
import { available, denied, makeScenario } from './snapshot-builder.ts';

const notToldApart = 36;
const { libcClock, poll } = places;

type Counts = readonly (readonly [EntryFunction, ClockSlot, number])[];

function sampled(counts: Counts, vdsoBy?: 'time'): CallSites {
  const sites = counts.map(([fn, slot, samples]) => vdsoSite([libcClock, poll], { fn, slot, samples }));
  const vdso = sites.reduce((sum, { samples }) => sum + samples, 0);
  return { sites, samples: { kernel: 0, vdso }, lost: 0, ...(vdsoBy !== undefined && { vdsoBy }) };
}

function interrupted(first: Counts, last: Counts) {
  const window = makeScenario({ last: { callSites: available(sampled(last, 'time')) } });
  const begin = { ...window.first, callSites: available(sampled(first, 'time')) };
  return interruptedCalls({ ...window, first: begin });
}

describe('calls that CPU samples interrupted', () => {
  it('are those of the window, by function and clock', () => {
    const calls = interrupted(
      [['clock_gettime', 1, 10]],
      [
        ['clock_gettime', 1, 40],
        ['gettimeofday', 0, 10],
      ],
    );
    expect([calls.count('clock_gettime', 1), calls.count('clock_gettime', 7), calls.count('gettimeofday', 0)]).toEqual([
      30, 0, 10,
    ]);
    expect(calls.slots).toEqual([1]);
    expect(calls.partOf('clock_gettime')?.value).toBeCloseTo(0.75);
    expect(calls.partOf('time')).toMatchObject({ value: 0, low: 0 });
  });

  it('tell the mix of clocks; what is not told apart widens it and makes none of it', () => {
    const whole = interrupted(
      [],
      [
        ['clock_gettime', 1, 60],
        ['clock_gettime', 7, 40],
      ],
    ).mixOf('clock_gettime');
    const partly = interrupted(
      [],
      [
        ['clock_gettime', 1, 60],
        ['clock_gettime', 7, 40],
        ['clock_gettime', notToldApart, 100],
      ],
    );
    const mix = partly.mixOf('clock_gettime');
    expect(whole?.slots.get(1)?.value).toBeCloseTo(0.6);
    expect(mix?.slots.get(1)?.value).toBeCloseTo(0.6);
    expect(mix?.slots.get(1)?.low).toBeCloseTo((whole?.slots.get(1)?.low ?? 0) / 2);
    expect(mix?.unseen.high).toBeGreaterThan(0.5);
    expect(mix?.slots.has(notToldApart)).toBe(false);
    expect(partly.slots).toEqual([1, 7]);
  });

  it('are none where breakpoints catch calls, where nothing is told, or nothing could be sampled', () => {
    const byCall = makeScenario({ last: { callSites: available(sampled([['clock_gettime', 1, 60]])) } });
    expect(interruptedCalls(byCall).count('clock_gettime', 1)).toBe(0);
    expect(interrupted([], [['clock_gettime', notToldApart, 9]]).mixOf('clock_gettime')).toBeUndefined();
    const blind = interruptedCalls(makeScenario({ both: { callSites: denied() } }));
    expect([blind.partOf('clock_gettime'), blind.mixOf('clock_gettime'), blind.slots]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});
