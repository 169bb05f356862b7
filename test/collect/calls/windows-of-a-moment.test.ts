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
