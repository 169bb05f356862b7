import type { SessionEvent, SessionEventKind } from '../model/events.ts';

/** What may explain a change of a curve: such moments are marked on it. */
const marked: ReadonlySet<SessionEventKind> = new Set([
  'clocksource-switched',
  'clock-mode-changed',
  'kernel-log',
  'target-exec',
  'clock-stepped-back',
  'time-jumped',
  'throttled',
  'trigger',
]);

/** Moments to mark, milliseconds since the Unix epoch, forward in time. */
export function eventMarks(events: readonly SessionEvent[]): readonly number[] {
  return events.filter(({ kind }) => marked.has(kind)).map(({ atMs }) => atMs);
}

/** In the place of what a curve has in that column. */
const mark = '│';

/** A sparkline of the last `seconds` before `newestMs` with the moments on it. */
export function markSparkline(
  text: string,
  marks: readonly number[],
  { newestMs, seconds }: { readonly newestMs: number; readonly seconds: number },
): string {
  const columns = Array.from(text);
  for (const atMs of marks) {
    const ago = newestMs - atMs;
    const column = columns.length - 1 - Math.floor((Math.max(ago, 0) * columns.length) / (seconds * 1_000));
    if (ago > -1_000 && column >= 0) columns[column] = mark;
  }
  return columns.join('');
}
