import type { Difference } from '../model/difference.ts';
import { hasWatchedPrice } from './clock-columns.ts';
import { clockTable } from './clock-table.ts';
import type { Content } from './content.ts';
import { clocksShown, differenceTable, hasWatchedChange } from './difference/difference-table.ts';
import { formatUtcTime } from './format.ts';
import { isNow } from './is-now.ts';
import type { Scene } from './scene.ts';
import { partShown, windowAround } from './window-around.ts';
import { nsOrigins } from './zoom.ts';

/** The clocks as they are, or, where that is asked and there is a baseline, what changed of them. */
export function clocksContent(scene: Scene, width: number, height: number): Content {
  const { frame, clocks, clock, drawing, state } = scene;
  const { difference } = frame;
  if (state.comparing && difference !== undefined) return differenceContent(difference, scene, width, height);
  const origins = clocks.some(hasWatchedPrice) ? watchedOrigins : nsOrigins;
  return {
    title: 'clocks',
    notes: withPart(origins, partShown(clocks, windowAround(clocks, clock?.key, height - 1))),
    body: clockTable({
      report: frame.report,
      series: frame.series,
      rows: clocks,
      selected: clock?.key,
      width,
      height,
      drawing,
    }),
  };
}

function differenceContent(
  difference: Difference,
  { frame, clocks, clock }: Scene,
  width: number,
  height: number,
): Content {
  const input = { difference, rows: clocks, selected: clock?.key, width, height };
  const [since, until] = [difference.before.at, difference.after.at].map((at) => formatUtcTime(at).replace(' UTC', ''));
  const part = partShown(clocks, clocksShown(input));
  return {
    // The header tells the time in UTC too.
    title: `clocks: from ${since} to ${isNow(frame) ? 'now' : until}`,
    notes: withPart(hasWatchedChange(difference) ? watchedMarks : marks, part),
    body: differenceTable(input),
  };
}

const marks = ['! changed  = same  ? cannot tell', '! = ?'];
const watchedMarks = [
  ...['* priced while watched', '* watched'].flatMap((star) => marks.map((mark) => `${star} · ${mark}`)),
  '* watched',
];
const watchedOrigins = [
  ...nsOrigins.map((origin) => `* priced while watched · ${origin}`),
  `* watched · ${nsOrigins.at(-1)}`,
];

/** With which rows of a table are seen, where not all are: what a sign means goes before that. */
function withPart(notes: readonly string[], part: string): readonly string[] {
  return part === '' ? notes : [...notes.map((note) => `${note} · ${part}`), ...notes.slice(-1), part];
}
