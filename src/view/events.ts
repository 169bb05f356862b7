import type { Report } from '../model/report.ts';
import { cell, type Grid, type Row } from './cells.ts';
import { cutText } from './fit-text.ts';
import { formatUtcMs } from './format.ts';

/** What happened while watching, newest first. */
export function eventRows({ events }: Report, width: number): Grid {
  return events
    .toReversed()
    .map(
      (event): Row => [
        cell(` ${formatUtcMs(event.atMs)}  `, 'muted'),
        cell(cutText(event.text, width - 12), event.kind === 'attached' ? 'muted' : 'plain'),
      ],
    );
}
