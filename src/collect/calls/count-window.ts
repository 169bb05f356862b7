import type { EntryFunction } from '../../model/clock-calls.ts';
import type { FastWindow, FastWindowFunction } from '../../model/fast-reads.ts';
import { slotNotToldApart } from '../entries/entry-functions.ts';
import { halfOf } from './half-of.ts';
import { hitsBySlot } from './hits-by-slot.ts';
import type { ThreadMoment } from './thread-calls.ts';

/** What one arming that only counted says of a thread. `functions`: by event. */
export function countWindowOf(moment: ThreadMoment, functions: readonly EntryFunction[]): FastWindow {
  const { armedAtNs, disarmedAtNs, calls, counts } = moment;
  const events = functions.map((fn, event) => ({ fn, event, state: moment.events[event] ?? 'not-armed' }));
  // Of two breakpoints one does not see all calls.
  const armed = [...Map.groupBy(events, ({ fn }) => fn)].filter(([, own]) =>
    own.every(({ state }) => state !== 'not-armed'),
  );
  const msAt = (atNs: bigint) => Math.max(0, Number(atNs - armedAtNs) / 1e6);
  const functionOf = (
    fn: EntryFunction,
    own: readonly { readonly event: number; readonly state: string }[],
  ): readonly FastWindowFunction[] => {
    const count = own.reduce((sum, { event }) => sum + (counts[event] ?? 0), 0);
    const hits = count === 0 ? [] : [{ slot: slotNotToldApart, count }];
    const recorded = calls.filter(({ event }) => own.some((one) => one.event === event));
    const sampled = recorded.length === 0 ? {} : { sampled: hitsBySlot(recorded) };
    if (own.every(({ state }) => state === 'open')) return [{ fn, hits, ...sampled }];
    const last = recorded.at(-1);
    // Of two breakpoints (time32 and time64) one went on counting: there is no time that both are of.
    if (own.length > 1 || last === undefined) return [];
    const halfAfterMs = msAt(halfOf(recorded)?.atNs ?? last.atNs);
    return [{ fn, hits, ...sampled, usedUpAfterMs: msAt(last.atNs), halfAfterMs }];
  };
  return {
    tid: moment.tid,
    armedMs: msAt(disarmedAtNs),
    functions: armed.flatMap(([fn, own]) => functionOf(fn, own)),
  };
}
