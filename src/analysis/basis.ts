import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { Window } from '../model/snapshot.ts';
import { type ClockRead, describeRead } from './clock-read.ts';
import { alwaysListed } from './clock-table.ts';
import { mapKnown, orElse } from './known.ts';
import { type Measurements, measureWindow } from './measurements.ts';

/** What every judgement begins with: the measurements, and what they say of each way to read a clock. */
export interface Basis extends Measurements {
  /** Of every clock that is listed or was seen, upwards by slot. */
  readonly clocks: readonly ClockRead[];
  /** Of gettimeofday, time, getcpu, clock_getres and the three legacy vsyscalls. */
  readonly functions: readonly ClockRead[];
}

export function layBasis(window: Window): Basis {
  const measured = measureWindow(window);
  return {
    ...measured,
    clocks: listedSlots(measured).map((slot) => describeRead(measured, 'clock_gettime', slot)),
    functions: otherFunctions.map((fn) => describeRead(measured, fn, 0)),
  };
}

/** All that enters or was caught, clocks first. */
export function allReads({ clocks, functions }: Basis): readonly ClockRead[] {
  return [...clocks, ...functions];
}

const otherFunctions = [
  'gettimeofday',
  'time',
  'getcpu',
  'clock_getres',
  'vsyscall_gettimeofday',
  'vsyscall_time',
  'vsyscall_getcpu',
] as const satisfies readonly EntryFunction[];

function listedSlots({ counted, witnessed, interrupted, window }: Measurements): readonly ClockSlot[] {
  const entered = orElse(
    mapKnown(counted, ({ counts }) => counts),
    [],
  );
  const caught = orElse(
    mapKnown(witnessed, ({ hits }) => hits),
    [],
  );
  const recorded = window.fastCounts.flatMap(({ functions }) =>
    functions.flatMap(({ fn, sampled = [] }) => sampled.map((one) => ({ fn, ...one }))),
  );
  const seen = [...entered, ...caught, ...recorded].filter(({ fn, count }) => fn === 'clock_gettime' && count > 0);
  const timed = [...window.timings, ...window.unwatchedTimings].flatMap(({ call, clockId }) =>
    call === 'clock_gettime' && clockId !== undefined && clockId >= 0 && clockId < 32 ? [clockId] : [],
  );
  return [...new Set([...alwaysListed, ...timed, ...interrupted.slots, ...seen.map(({ slot }) => slot)])].sort(
    (a, b) => a - b,
  );
}
