import type { Report } from '../model/report.ts';
import { asciiGrid } from './ascii.ts';
import { callSiteRows, hasCallSites } from './call-sites.ts';
import { beside, cell, compactRow, fitGrid, type Grid, type Row } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import type { Content } from './content.ts';
import { rowsBesides } from './difference/difference-table.ts';
import { footerRow } from './footer.ts';
import { frameStatus } from './frame-status.ts';
import { headerRows } from './header.ts';
import {
  type Band,
  headlineLines,
  isTiny,
  type PanelPlace,
  type PanelWant,
  placePanels,
  stackWidths,
  type Wants,
} from './layout.ts';
import { mappingRows } from './mappings.ts';
import { type Panel, panel } from './panel.ts';
import { panelContents, zoomedContents } from './panel-contents.ts';
import { makeScene, type Scene, type ScreenInput } from './scene.ts';
import type { Mode, PanelId, ScreenFacts, ScrollId } from './screen-state.ts';
import { stateWord } from './state-word.ts';
import { threadRows } from './threads.ts';
import { whyHeight } from './why.ts';
import { wrapText } from './wrap-text.ts';

export type { ScreenInput } from './scene.ts';

/** A whole screen: exactly `rows` rows of at most `columns` columns, and what the keys refer to. */
export interface Screen {
  readonly grid: Grid;
  readonly facts: ScreenFacts;
}

interface Body {
  readonly grid: Grid;
  readonly panels: readonly PanelId[];
  readonly scrollMost: Readonly<Partial<Record<ScrollId, number>>>;
}

/** What stands on the screen at one moment: header, the panels that fit or the one that is zoomed, live keys. */
export function buildScreen(input: ScreenInput): Screen {
  const scene = makeScene(input);
  const { columns, rows, drawing } = input;
  const { grid, panels, scrollMost } = isTiny(columns, rows) ? tinyScreen(scene) : fullScreen(scene);
  const fitted = fitGrid(grid, rows).map((row) => compactRow(row, columns));
  return {
    grid: drawing.symbols === 'ascii' ? asciiGrid(fitted) : fitted,
    facts: { clockKeys: scene.clocks.map(({ key }) => key), selected: scene.clock?.key, panels, scrollMost },
  };
}

/** Where nothing else fits: the verdict, its sentence, and the way out. */
function tinyScreen({ frame, columns, rows }: Scene): Body {
  const { word, badge, sentence } = frameStatus(frame);
  const text = wrapText(sentence, columns);
  const lines: Grid = [[cell(` ${word} `, badge), cell('  '), stateWord(frame)], ...text.map((line) => [cell(line)])];
  return { grid: [...fitGrid(lines, rows - 1), [cell('q quits', 'accent')]], panels: [], scrollMost: {} };
}

function fullScreen(scene: Scene): Body {
  const { frame, state, columns, rows, toast, trace, recording, caption } = scene;
  const whole = headerRows(frame, columns, headlineLines(columns, rows), recording);
  const header = whole.slice(0, headerMost(state.mode, rows));
  const height = rows - header.length - 1;
  const body = state.mode === 'overview' ? overview(scene, height) : zoomed(scene, state.mode, height);
  const footer: Row =
    caption === undefined
      ? footerRow(
          {
            state,
            toast,
            trace,
            paused: frame.state === 'paused',
            ended: frame.state === 'ended',
            replaying: frame.replay !== undefined,
          },
          columns,
        )
      : [cell(` ${caption}`, 'muted')];
  return { ...body, grid: [...header, ...fitGrid(body.grid, height), footer] };
}

/**
 * Rows of the header beside one panel that fills the rest: keys and words are not about what was measured, and on a low
 * screen who reads on has seen host and cost.
 */
function headerMost(mode: Mode, rows: number): number {
  if (mode === 'help') return 1;
  return mode !== 'overview' && rows < lowRows ? 3 : rows;
}

const lowRows = 20;

const panelOrder: readonly PanelId[] = ['clocks', 'why', 'callSites', 'threads', 'mappings', 'events', 'chart'];

function overview(scene: Scene, height: number): Body {
  const wanted = wants(scene);
  const bands = placePanels(scene.columns, height, wanted, scene.state.focus);
  const placed = bands.flatMap(({ stacks }) => stacks.flatMap((stack) => stack.panels.map(({ id }) => id)));
  const focus = placed.includes(scene.state.focus) ? scene.state.focus : 'clocks';
  const scrollMost: Partial<Record<ScrollId, number>> = {};
  const show = ({ id, height: rows }: PanelPlace, width: number): Grid => {
    const scroll = id === 'clocks' ? 0 : (scene.state.scroll[id] ?? 0);
    const content = panelContents[id](scene, width, rows - 1);
    const shown = framed(content, { focused: id === focus, width, height: rows, scroll });
    scrollMost[id] = shown.scrollMost;
    return shown.rows;
  };
  const grid = bands.flatMap((band) => showBand(band, show));
  // The focus reaches every panel that has something to say, and brings it onto the screen.
  const panels = panelOrder.filter((id) => placed.includes(id) || (id !== 'chart' && wanted[id].wanted > 0));
  return { grid, panels, scrollMost };
}

function showBand({ stacks }: Band, show: (place: PanelPlace, width: number) => Grid): Grid {
  const grids = stacks.map(({ width, panels }) => panels.flatMap((place) => show(place, width)));
  const [left, right] = grids;
  return left !== undefined && right !== undefined ? beside(left, stacks[0]?.width ?? 0, right) : (left ?? []);
}

/** Rows each panel would fill on this width, its title included. */
function wants({ frame: { report, difference }, clocks, clock, columns, state }: Scene): Wants {
  const [left, right = left] = stackWidths(columns);
  const events = Math.min(report.events.length, 6);
  const besides = state.comparing && difference !== undefined ? rowsBesides(difference) : 0;
  const read = clocks.filter(({ verdict }) => verdict !== 'idle').length;
  return {
    clocks: { id: 'clocks', least: 4, comfortable: Math.min(read + 3, 8), wanted: clocks.length + 2 + besides },
    why: { id: 'why', least: 4, comfortable: 8, wanted: whyHeight(report, clock, left) + 1 },
    callSites: callSitesWant(report, clock, right),
    threads: { id: 'threads', least: 4, comfortable: 5, wanted: threadRows(report, right).length + 1 },
    mappings: { id: 'mappings', least: 4, comfortable: 5, wanted: mappingRows(report, right).length + 1 },
    events: { id: 'events', least: 2, comfortable: 3, wanted: events === 0 ? 0 : events + 1 },
    chart: { id: 'chart', least: 9, comfortable: 9, wanted: 16 },
  };
}

function callSitesWant(report: Report, clock: ClockRow | undefined, width: number): PanelWant {
  const rows = callSiteRows(report, clock, width).length;
  const quiet = !hasCallSites(report, clock);
  return { id: 'callSites', least: quiet ? 2 : 3, comfortable: quiet ? 3 : 7, wanted: rows + 1, quiet };
}

function zoomed(scene: Scene, mode: Exclude<Mode, 'overview'>, height: number): Body {
  const { columns: width, state } = scene;
  const content = zoomedContents[mode](scene, width, height - 1);
  const { rows, scrollMost } = framed(content, { focused: true, width, height, scroll: state.scroll[mode] ?? 0 });
  return { grid: rows, panels: panelOrder, scrollMost: { [mode]: scrollMost } };
}

interface Place {
  readonly focused: boolean;
  readonly width: number;
  readonly height: number;
  readonly scroll: number;
}

function framed({ title, notes = [], body, scrollMost }: Content, place: Place): Panel {
  const shown = panel({ title, notes, ...place }, body);
  return scrollMost === undefined ? shown : { ...shown, scrollMost };
}
