import { expect, it } from 'vitest';
import { countWindowOf } from '../../../src/collect/calls/count-window.ts';
import { fastWindowOf } from '../../../src/collect/calls/fast-window.ts';
import type { ThreadMoment } from '../../../src/collect/calls/thread-calls.ts';

/** Of 32-bit code, which has two functions that are clock_gettime. */
const functions = ['clock_gettime', 'clock_gettime', 'gettimeofday', 'time'] as const;
const momentWith = (events: ThreadMoment['events']): ThreadMoment => ({
  tid: 1,
  armedAtNs: 0n,
  disarmedAtNs: 10_000_000n,
  events,
  calls: [],
  trappedUntilNs: events.map(() => 10_000_000n),
  counts: events.map(() => 0),
  lost: 0,
  throttled: false,
});

it.each([
  ['catch', fastWindowOf],
  ['count', countWindowOf],
])('windows that %s tell of a function only where each of its breakpoints was set', (_, windowOf) => {
  const toldOf = (events: ThreadMoment['events']) =>
    windowOf(momentWith(events), functions).functions.map(({ fn }) => fn);
  expect(toldOf(['open', 'open', 'open', 'not-armed'])).toEqual(['clock_gettime', 'gettimeofday']);
  expect(toldOf(['open', 'not-armed', 'open', 'not-armed'])).toEqual(['gettimeofday']);
});

it.each([
  ['catch', fastWindowOf],
  ['count', countWindowOf],
])('windows that %s and are used up tell when half of the calls had come', (_, windowOf) => {
  const noCopy = () => {
    throw new Error('not asked for');
  };
  const call = { event: 2, fn: 'gettimeofday', slot: 0, first: false, copy: noCopy } as const;
  const atNs = [4_000_000n, 4_100_000n, 8_000_000n, 9_000_000n];
  const calls = atNs.map((at) => ({ ...call, atNs: at }));
  const moment = { ...momentWith(['open', 'open', 'used-up', 'open']), calls, counts: [0, 0, 4, 0] };
  const window = windowOf(moment, functions);
  expect(window.functions.find(({ fn }) => fn === 'gettimeofday')).toMatchObject({
    usedUpAfterMs: 9,
    halfAfterMs: 4.1,
  });
  expect(window.functions.find(({ fn }) => fn === 'time')).toEqual({ fn: 'time', hits: [] });
});
