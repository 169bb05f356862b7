import type { Grid } from './cells.ts';
import type { Drawing } from './drawing.ts';
import { formatUtcDate } from './format.ts';
import { printable } from './printable.ts';
import type { ScreenInput } from './scene.ts';
import { buildScreen, type Screen } from './screen.ts';

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
  return lowestWhole(build, rows.most[state.mode === 'overview' ? 'overview' : 'zoomed']).grid;
}

/** The lowest screen that cuts no more than the highest: some panels of the overview never say all. */
function lowestWhole(build: (height: number) => Screen, most: number): Screen {
  let screen = build(most);
  const least = linesCut(screen);
  let [tooLow, highest]: readonly [number, number] = [rows.least - 1, most];
  while (highest - tooLow > 1) {
    const height = Math.floor((tooLow + highest) / 2);
    const tried = build(height);
    if (linesCut(tried) > least) tooLow = height;
    else [highest, screen] = [height, tried];
  }
  return screen;
}

function linesCut({ facts }: Screen): number {
  return Math.max(0, ...Object.values(facts.scrollMost));
}
