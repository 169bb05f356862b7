import type { Report } from '../model/report.ts';
import { blank, cell, type Grid, type Row } from './cells.ts';
import { cutText } from './fit-text.ts';
import { formatUtcMs } from './format.ts';
import { wrapText } from './wrap-text.ts';

/** What happened while watching, newest first, a line each. */
export function eventRows({ events }: Report, width: number): Grid {
  return events.toReversed().map((event) => eventRow(event, cutText(event.text, width - timeWidth - 1)));
}

/** The same with all of every text. */
export function eventsInFull({ events }: Report, width: number): Grid {
  return events.toReversed().flatMap((event): Grid => {
    const [first = '', ...others] = wrapText(event.text, width - timeWidth - 1);
    return [eventRow(event, first), ...others.map((line): Row => [blank(timeWidth), cell(line)])];
  });
}

/** ' 03:12:44  ' */
const timeWidth = 11;

function eventRow({ atMs, kind }: Report['events'][number], text: string): Row {
  return [cell(` ${formatUtcMs(atMs)}  `, 'muted'), cell(text, kind === 'attached' ? 'muted' : 'plain')];
}
