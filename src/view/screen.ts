import type { Frame } from '../model.ts';
import { asciiGrid } from './ascii.ts';
import { beside, cell, fitGrid, fitRow, type Grid } from './cells.ts';
import { hasWatchedPrice } from './clock-columns.ts';
import { type ClockRow, clockRows, firstRow } from './clock-rows.ts';
import { clockTable } from './clock-table.ts';
import type { Drawing } from './drawing.ts';
import { eventRows } from './events.ts';
import { footerRow } from './footer.ts';
import { formatKnown, formatPlural, isUnavailable } from './format.ts';
import { headerRows } from './header.ts';
import { type GlossaryEntry, helpRows } from './help.ts';
import { type Band, headlineLines, isTiny, type PanelPlace, placePanels, stackWidths, type Wants } from './layout.ts';
import { mappingRows } from './mappings.ts';
import { panel } from './panel.ts';
import { type TraceState, traceRows } from './perf-trace.ts';
import type { Mode, PanelId, ScreenFacts, ScreenState, ScrollId } from './screen-state.ts';
import { threadRows } from './threads.ts';
import { reportStatus } from './tones.ts';
import { whyHeight, whyInFull, whyRows } from './why.ts';
import { wrapText } from './wrap-text.ts';
import { nsOrigin, zoomRows } from './zoom.ts';

export interface ScreenInput {
  readonly frame: Frame;
  readonly state: ScreenState;
  readonly columns: number;
  readonly rows: number;
  readonly drawing: Drawing;
  readonly glossary: readonly GlossaryEntry[];
  readonly toast: string | undefined;
  readonly trace: TraceState | undefined;
}

/** A whole screen: at most `rows` rows of at most `columns` columns, and what the keys refer to. */
export interface Screen {
  readonly grid: Grid;
  readonly facts: ScreenFacts;
}

/** Everything the views need, with the clock that is looked at found once. */
interface Scene extends ScreenInput {
  readonly clocks: readonly ClockRow[];
  readonly clock: ClockRow | undefined;
}

interface Body {
  readonly grid: Grid;
  readonly panels: readonly PanelId[];
  readonly scrollMost: Readonly<Partial<Record<ScrollId, number>>>;
}

/** What stands on the screen at one moment: header, the panels that fit or the one that is zoomed, live keys. */
export function buildScreen(input: ScreenInput): Screen {
  const clocks = clockRows(input.frame.report);
  const clock = clocks.find(({ key }) => key === input.state.selected) ?? firstRow(clocks, input.frame.report);
  const scene: Scene = { ...input, clocks, clock };
  const { grid, panels, scrollMost } = isTiny(input.columns, input.rows) ? tinyScreen(scene) : fullScreen(scene);
  const fitted = fitGrid(grid, input.rows).map((row) => (row.length === 0 ? row : fitRow(row, input.columns)));
  return {
    grid: input.drawing.symbols === 'ascii' ? asciiGrid(fitted) : fitted,
    facts: { clockKeys: clocks.map(({ key }) => key), selected: clock?.key, panels, scrollMost },
  };
}

/** Where nothing else fits: the verdict, its sentence, and the way out. */
function tinyScreen({ frame, columns, rows }: Scene): Body {
  const { word, badge } = reportStatus(frame.report);
  const text = wrapText(frame.report.headline, columns);
  const lines: Grid = [[cell(` ${word} `, badge)], ...text.map((line) => [cell(line)])];
  return { grid: [...fitGrid(lines, rows - 1), [cell('q quits', 'accent')]], panels: [], scrollMost: {} };
}

function fullScreen(scene: Scene): Body {
  const { frame, state, columns, rows, toast, trace } = scene;
  const header = headerRows(frame, columns, headlineLines(columns, rows));
  const height = rows - header.length - 1;
  const body = state.mode === 'overview' ? overview(scene, height) : zoomed(scene, state.mode, height);
  const footer = footerRow(state.mode, toast, trace, frame.state === 'paused', columns);
  return { ...body, grid: [...header, ...fitGrid(body.grid, height), footer] };
}

function overview(scene: Scene, height: number): Body {
  const wanted = wants(scene);
  const bands = placePanels(scene.columns, height, wanted, scene.state.focus);
  const placed = bands.flatMap(({ stacks }) => stacks.flatMap((stack) => stack.panels.map(({ id }) => id)));
  const focus = placed.includes(scene.state.focus) ? scene.state.focus : 'clocks';
  const scrollMost: Partial<Record<ScrollId, number>> = {};
  const show = (place: PanelPlace, width: number): Grid => {
    const shown = showPanel(scene, place, width, place.id === focus);
    scrollMost[place.id] = shown.scrollMost;
    return shown.rows;
  };
  // The focus reaches every panel that has something to say, and brings it onto the screen.
  const panels = panelOrder.filter((id) => placed.includes(id) || (id !== 'chart' && wanted[id].wanted > 0));
  return { grid: bands.flatMap((band) => showBand(band, show)), panels, scrollMost };
}

const panelOrder: readonly PanelId[] = ['clocks', 'why', 'threads', 'mappings', 'events', 'chart'];

function showBand({ stacks }: Band, show: (place: PanelPlace, width: number) => Grid): Grid {
  const grids = stacks.map(({ width, panels }) => panels.flatMap((place) => show(place, width)));
  const [left, right] = grids;
  return left !== undefined && right !== undefined ? beside(left, stacks[0]?.width ?? 0, right) : (left ?? []);
}

/** Rows each panel would fill on this width, its title included. */
function wants({ frame: { report }, clocks, clock, columns }: Scene): Wants {
  const [left, right = left] = stackWidths(columns);
  const events = Math.min(report.events.length, 6);
  return {
    clocks: { id: 'clocks', least: 4, comfortable: columns < 80 ? 5 : 8, wanted: clocks.length + 2 },
    why: { id: 'why', least: 3, comfortable: 8, wanted: whyHeight(report, clock, left) + 1 },
    threads: { id: 'threads', least: 4, comfortable: 5, wanted: threadRows(report, right).length + 1 },
    mappings: { id: 'mappings', least: 4, comfortable: 5, wanted: mappingRows(report, right).length + 1 },
    events: { id: 'events', least: 2, comfortable: 3, wanted: events === 0 ? 0 : events + 1 },
    chart: { id: 'chart', least: 9, comfortable: 9, wanted: 16 },
  };
}

function showPanel(
  scene: Scene,
  { id, height }: PanelPlace,
  width: number,
  focused: boolean,
): ReturnType<typeof panel> {
  const { title, note, body } = panelContent[id](scene, width, height - 1);
  const scroll = id === 'clocks' ? 0 : (scene.state.scroll[id] ?? 0);
  return panel({ title, ...(note === undefined ? {} : { note }), focused, width, height, scroll }, body);
}

interface Content {
  readonly title: string;
  readonly note?: string;
  readonly body: Grid;
}

/** What each panel says in `width` × `height` (without its title row). */
const panelContent: Readonly<Record<PanelId, (scene: Scene, width: number, height: number) => Content>> = {
  clocks: ({ frame, clocks, clock, drawing }, width, height) => ({
    title: 'clocks',
    note: clocksNote(clocks, width),
    body: clockTable({
      report: frame.report,
      series: frame.series,
      rows: clocks,
      selected: clock?.key,
      width,
      height,
      drawing,
    }),
  }),
  why: ({ frame, clock, state }, width, height) => {
    const cut = whyHeight(frame.report, clock, width) > height && (state.scroll.why ?? 0) === 0;
    return {
      title: clock === undefined ? 'why' : `why: ${clock.name}`,
      ...(cut ? { note: 'x shows all' } : {}),
      body: whyRows(frame.report, clock, width, (state.scroll.why ?? 0) === 0 ? height : Number.POSITIVE_INFINITY),
    };
  },
  threads: ({ frame }, width) => ({
    title: 'threads',
    note: threadsNote(frame),
    body: threadRows(frame.report, width),
  }),
  mappings: ({ frame }, width) => ({ title: 'mappings', body: mappingRows(frame.report, width) }),
  events: ({ frame }, width) => ({ title: 'events', body: eventRows(frame.report, width) }),
  chart: ({ frame, clock, state, drawing }, width, height) => ({
    title: `${clock?.name ?? 'clock'}: ns per call, last 60 s, ${state.scale}`,
    note: width >= 100 ? nsOrigin : 'ns timed in vdsotop, not the target',
    body: zoomRows({ frame, clock, scale: state.scale, width, height, drawing }),
  }),
};

function clocksNote(clocks: readonly ClockRow[], width: number): string {
  const watched = clocks.some(hasWatchedPrice);
  const origin = width >= 90 ? nsOrigin : 'ns timed in vdsotop, not the target';
  return watched ? `* priced while watched · ${origin}` : origin;
}

function threadsNote({ report }: Frame): string {
  const count = formatKnown(report.target.threads, (threads) => formatPlural(threads, 'thread'));
  return isUnavailable(report.target.threads) ? `threads: ${count}` : count;
}

type Zoomed = Exclude<Mode, 'overview'>;

const zoomedContent: Readonly<Record<Zoomed, (scene: Scene, width: number, height: number) => Content>> = {
  chart: panelContent.chart,
  threads: panelContent.threads,
  mappings: panelContent.mappings,
  why: ({ frame, clock }, width) => ({
    title: clock === undefined ? 'why' : `why: ${clock.name}`,
    note: 'every finding, for and against',
    body: whyInFull(frame.report, clock, width),
  }),
  help: ({ state, glossary }, width) => ({
    title: state.helpPage === 0 ? 'keys' : 'what the words mean',
    note: `page ${state.helpPage + 1} of 2`,
    body: helpRows(state.helpPage, glossary, width),
  }),
  trace: ({ trace }, width) => ({ title: 'perf trace', body: trace === undefined ? [] : traceRows(trace, width) }),
};

function zoomed(scene: Scene, mode: Zoomed, height: number): Body {
  const { columns: width, state } = scene;
  const { title, note, body } = zoomedContent[mode](scene, width, height - 1);
  const scroll = state.scroll[mode] ?? 0;
  const { rows, scrollMost } = panel(
    { title, ...(note === undefined ? {} : { note }), focused: true, width, height, scroll },
    body,
  );
  return { grid: rows, panels: [], scrollMost: { [mode]: scrollMost } };
}
