import type { Reading, Unavailable } from '../../model/reading.ts';
import type { CallEvent } from './call-plan.ts';
import type { EntryRate } from './entry-rates.ts';
import { kernelCallEvent, kernelCallGroup } from './kernel-call-event.ts';

type Entry = Pick<EntryRate, 'fn' | 'slot'>;

/** Which kinds of entries are caught: those that enter, as many as a thread has room for. */
export interface WatchedEntries {
  /** Takes in what entered of late; whether the events are others than before. */
  follow(rates: readonly Entry[], nowMs: number): boolean;
  /** In the order of `events`. */
  groups(): readonly string[];
  events(): readonly CallEvent[];
  /** Why some are not caught. */
  refusal(): Unavailable | undefined;
}

/** VT_CALL_EVENTS_MAX. */
const mostEvents = 8;
/** What has not entered for so long makes room for what does. */
const quietMs = 10_000;

interface Watched {
  readonly group: string;
  readonly event: CallEvent;
}

export function createWatchedEntries(
  bits: 32 | 64,
  eventOf: (bits: 32 | 64, entry: Entry) => Reading<CallEvent> = kernelCallEvent,
): WatchedEntries {
  let watched: readonly Watched[] = [];
  const refused = new Map<string, Unavailable>();
  const enteredAtMs = new Map<string, number>();

  const enteredAt = ({ group }: Watched) => enteredAtMs.get(group) ?? 0;
  const open = ([group, entry]: readonly [string, Entry]): readonly Watched[] => {
    const event = eventOf(bits, entry);
    refused.delete(group);
    if ('value' in event) return [{ group, event: event.value }];
    refused.set(group, event);
    return [];
  };
  /** What failed, for want of descriptors say, may do the next time. */
  const isRefused = (group: string) => refused.has(group) && refused.get(group)?.unavailable !== 'failed';

  return {
    follow(rates, nowMs) {
      // Thousands of threads may have come, and be of one group: an event is read from tracefs.
      const entering = new Map(rates.map((rate) => [kernelCallGroup(bits, rate), rate]));
      for (const group of entering.keys()) enteredAtMs.set(group, nowMs);
      const known = new Set(watched.map(({ group }) => group));
      const fresh = [...entering].filter(([group]) => !known.has(group) && !isRefused(group));
      if (fresh.length === 0) return false;
      const quiet = watched
        .filter((one) => nowMs - enteredAt(one) > quietMs)
        .sort((one, other) => enteredAt(one) - enteredAt(other));
      const added = fresh.slice(0, mostEvents - watched.length + quiet.length).flatMap(open);
      if (added.length === 0) return false;
      const leaving = new Set(quiet.slice(0, Math.max(0, watched.length + added.length - mostEvents)));
      watched = [...watched.filter((one) => !leaving.has(one)), ...added];
      return true;
    },
    groups: () => watched.map(({ group }) => group),
    events: () => watched.map(({ event }) => event),
    refusal: () => [...refused.values()].at(-1),
  };
}
