import { describe, expect, it } from 'vitest';
import { type ClockReadings, createClockSteps } from '../../../src/collect/host/clock-steps.ts';

const start: ClockReadings = {
  monotonic_before_ns: 1_000e9,
  monotonic_after_ns: 1_000e9 + 400,
  boottime_ns: 1_500e9 + 200,
  realtime_ns: 1.7e18,
  back_ns: 0,
};

interface Passed {
  readonly monotonic?: number;
  readonly boottime?: number;
  readonly realtime?: number;
  readonly backNs?: number;
  readonly took?: number;
}

/** The same so much later, by each clock; seconds. */
function later(passed: Passed): ClockReadings {
  const { monotonic = 0.5, backNs = 0, took = 400 } = passed;
  const { boottime = monotonic } = passed;
  const { realtime = boottime } = passed;
  const before = start.monotonic_before_ns + monotonic * 1e9;
  return {
    monotonic_before_ns: before,
    monotonic_after_ns: before + took,
    boottime_ns: start.boottime_ns + boottime * 1e9,
    realtime_ns: start.realtime_ns + realtime * 1e9,
    back_ns: backNs,
  };
}

function stepsOf(...readings: readonly (ClockReadings | undefined)[]): readonly string[] {
  const queue = [...readings];
  const { poll } = createClockSteps(() => queue.shift());
  return readings.flatMap(() => poll().map(({ kind, text }) => `${kind}: ${text}`));
}

describe('clocks watched against each other', () => {
  it.each([
    ['clocks that go on', later({}), []],
    ['a clock that is slewed', later({ monotonic: 10, realtime: 9.995 }), []],
    ['a suspended machine', later({ boottime: 30.5 }), ['time-jumped: the machine was suspended for 30.0 s']],
    [
      'a clock that is set forward',
      later({ realtime: 3_600.5 }),
      ['time-jumped: CLOCK_REALTIME was set forward by 3600.0 s'],
    ],
    [
      'a clock that is set back',
      later({ realtime: 0.1 }),
      ['clock-stepped-back: CLOCK_REALTIME was set back by 400 ms'],
    ],
    [
      'neighbouring reads that go backwards',
      later({ backNs: 1_200 }),
      ['clock-stepped-back: CLOCK_MONOTONIC went back by 1200 ns, as vdsotop read it'],
    ],
    [
      'a clock that is behind its last reading',
      later({ monotonic: -0.2, boottime: -0.2 }),
      ['clock-stepped-back: CLOCK_MONOTONIC went back by 200000400 ns, as vdsotop read it'],
    ],
    ['a reading in which the thread lost its CPU', later({ realtime: 0.1, took: 2e6 }), []],
  ])('%s', (_name, reading, steps) => {
    expect(stepsOf(start, reading)).toEqual(steps);
  });

  it('tells a step once, and goes on from there', () => {
    expect(stepsOf(start, later({ realtime: 5.5 }), later({ monotonic: 1, realtime: 6 }))).toHaveLength(1);
  });

  it('says nothing where the clocks cannot be read', () => {
    expect(stepsOf(start, undefined, later({ monotonic: 1 }))).toEqual([]);
  });

  it('finds no step on this host in a moment', async () => {
    const { poll } = createClockSteps();
    poll();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(poll()).toEqual([]);
  });
});
