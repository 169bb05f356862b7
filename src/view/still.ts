import type { Grid } from './cells.ts';
import type { Drawing } from './drawing.ts';
import { formatUtcDate } from './format.ts';
import { printable } from './printable.ts';
import type { ScreenInput } from './scene.ts';
import { buildScreen } from './screen.ts';

/** What a person looks at, apart from how large their window is. */
export type Sight = Pick<ScreenInput, 'frame' | 'state' | 'trace' | 'glossary'>;

export interface StillOptions {
  readonly columns: number;
  readonly drawing: Drawing;
  /** How the data inside can be had back; absent where there is none. */
  readonly dataHint?: string;
}

/** A screen of this height looks like one; a picture grows until nothing is cut, but not out of all proportion. */
const rows = { least: 40, most: { overview: 90, zoomed: 160 } } as const;

/** The screen as a picture shows it: of a width that does not hang on a window, as high as what it says. */
export function buildStill(sight: Sight, { columns, drawing, dataHint }: StillOptions): Grid {
  const { tool, at } = sight.frame.report;
  const made = `${tool.name} ${tool.version} · ${formatUtcDate(at)}`;
  const caption = printable(dataHint === undefined ? made : `${made} · ${dataHint}`);
  const state = { ...sight.state, scroll: {} };
  const build = (height: number) =>
    buildScreen({ ...sight, state, columns, rows: height, drawing, toast: undefined, caption });
  const most = rows.most[state.mode === 'overview' ? 'overview' : 'zoomed'];
  let height: number = rows.least;
  let screen = build(height);
  for (let cut = linesCut(screen); cut > 0 && height < most; cut = linesCut(screen)) {
    height = Math.min(height + cut, most);
    screen = build(height);
  }
  return screen.grid;
}

function linesCut({ facts }: ReturnType<typeof buildScreen>): number {
  return Math.max(0, ...Object.values(facts.scrollMost));
}
