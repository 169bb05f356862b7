import type { SessionEvent, SessionEventKind } from '../model/events.ts';

/** Enough for a day of trouble; a flapping clocksource must not grow without bound. */
const capacity = 200;

/** What happened and when, oldest first and bounded. */
export interface EventLog {
  note(kind: SessionEventKind, text: string): void;
  /** The same array until something is noted. */
  all(): readonly SessionEvent[];
}

export function createEventLog(): EventLog {
  let events: readonly SessionEvent[] = [];
  return {
    note(kind, text) {
      events = [...events, { atMs: Date.now(), kind, text }].slice(-capacity);
    },
    all: () => events,
  };
}
