import type { EntryFunction } from '../../model/clock-calls.ts';
import type { FastWindow, FastWindowFunction } from '../../model/fast-reads.ts';
import { halfOf } from './half-of.ts';
import { hitsBySlot } from './hits-by-slot.ts';
import type { ThreadMoment } from './thread-calls.ts';

/** What one arming of the breakpoints says of a thread, of the functions that could be armed. `functions`: by event. */
export function fastWindowOf(moment: ThreadMoment, functions: readonly EntryFunction[]): FastWindow {
  const events = functions.map((fn, event) => ({ fn, event, state: moment.events[event] ?? 'not-armed' }));
  // Of two breakpoints one does not see all calls.
  const armed = [...Map.groupBy(events, ({ fn }) => fn)].filter(([, own]) =>
    own.every(({ state }) => state !== 'not-armed'),
  );
  return {
    tid: moment.tid,
    armedMs: msSince(moment, moment.disarmedAtNs),
    functions: armed.map(([fn, breakpoints]) => functionOf(moment, fn, breakpoints)),
  };
}

interface Breakpoint {
  readonly event: number;
  readonly state: 'open' | 'used-up' | 'not-armed';
}

/** A function may have two breakpoints (time32 and time64): where one looked no further, neither counts any more. */
function functionOf(moment: ThreadMoment, fn: EntryFunction, breakpoints: readonly Breakpoint[]): FastWindowFunction {
  const own = new Set(breakpoints.map(({ event }) => event));
  const calls = moment.calls.filter(({ event }) => own.has(event));
  const ends = breakpoints
    .filter(({ state }) => state === 'used-up')
    .map(({ event }) => calls.findLast((call) => call.event === event)?.atNs ?? moment.armedAtNs);
  const end = ends.reduce<bigint | undefined>(
    (first, at) => (first === undefined || at < first ? at : first),
    undefined,
  );
  const counted = end === undefined ? calls : calls.filter(({ atNs }) => atNs <= end);
  if (end === undefined) return { fn, hits: hitsBySlot(counted) };
  const halfAfterMs = msSince(moment, halfOf(counted)?.atNs ?? end);
  return { fn, hits: hitsBySlot(counted), usedUpAfterMs: msSince(moment, end), halfAfterMs };
}

function msSince({ armedAtNs }: ThreadMoment, atNs: bigint): number {
  return Math.max(0, Number(atNs - armedAtNs) / 1e6);
}
