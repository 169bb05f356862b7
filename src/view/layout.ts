import type { PanelId } from './screen-state.ts';

/**
 * How many rows a panel needs, its title included: at least, to be worth showing at all; comfortably, before a less
 * important panel may take any; and how many it could fill.
 */
export interface PanelWant {
  readonly id: PanelId;
  readonly least: number;
  readonly comfortable: number;
  readonly wanted: number;
  /** True where it has only to say why it is empty: it then stands behind every panel that has more to say. */
  readonly quiet?: boolean;
}

export interface PanelPlace {
  readonly id: PanelId;
  readonly height: number;
}

/** A stack of panels above each other, all of one width. */
export interface Stack {
  readonly width: number;
  readonly panels: readonly PanelPlace[];
}

/** Stacks side by side, all of one height. */
export interface Band {
  readonly height: number;
  readonly stacks: readonly Stack[];
}

export type Wants = Readonly<Record<PanelId, PanelWant>>;

/** Below this the screen shows the headline and how to leave, and nothing else. */
const tinyColumns = 40;
const tinyRows = 8;
/** From here on two stacks of panels stand side by side below the clock table. */
const twoStackColumns = 110;
/** A chart lower than this shows nothing; one higher than this only costs CPU. */
const chartLeast = 9;
const chartMost = 26;
/** Columns of the rule between two stacks. */
const gutter = 3;

/** Panels from the most to the least important. The clock table always stands on top. */
const order: readonly PanelId[] = ['why', 'callSites', 'threads', 'mappings', 'events'];

export function isTiny(columns: number, rows: number): boolean {
  return columns < tinyColumns || rows < tinyRows;
}

/** Lines the headline may take: it is the answer, so it is cut last. */
export function headlineLines(columns: number, rows: number): number {
  if (columns >= 120) return rows >= 24 ? 2 : 1;
  return rows >= 20 ? 3 : 2;
}

/** Widths of the panels below the clock table: of the left stack, and of the right one or undefined for a single one. */
export function stackWidths(columns: number): readonly [left: number, right: number | undefined] {
  if (columns < twoStackColumns) return [columns, undefined];
  const right = Math.max(Math.floor(columns * 0.4), 52);
  return [columns - right - gutter, right];
}

/**
 * Which panels stand where in `columns` × `height`, by what each has to say. The focused one is always among them: it
 * takes the place of a more important one where there is not enough for both.
 */
export function placePanels(columns: number, height: number, wants: Wants, focus: PanelId): readonly Band[] {
  const [left, right] = stackWidths(columns);
  return right === undefined ? placeOne(left, height, wants, focus) : placeTwo([left, right], height, wants, focus);
}

function placeOne(width: number, height: number, wants: Wants, focus: PanelId): readonly Band[] {
  const panels = fillStack([wants.clocks, ...inOrder(order, wants, focus)], height);
  return withChart([{ height: sum(panels), stacks: [{ width, panels }] }], width, height);
}

function placeTwo(
  [leftWidth, rightWidth]: readonly [number, number],
  height: number,
  wants: Wants,
  focus: PanelId,
): readonly Band[] {
  const width = leftWidth + gutter + rightWidth;
  const [clocks] = fillStack([wants.clocks, wants.why], height);
  if (clocks === undefined) return [];
  const top: Band = { height: clocks.height, stacks: [{ width, panels: [clocks] }] };
  const right = inOrder(order.slice(1), wants, focus);
  const content = Math.max(
    wants.why.wanted,
    right.reduce((total, { wanted }) => total + wanted, 0),
  );
  const rest = height - clocks.height;
  const middle = rest - content >= chartLeast ? content : rest;
  if (middle < wants.why.least) return [top];
  const stacks: readonly Stack[] = [
    { width: leftWidth, panels: [{ id: 'why', height: middle }] },
    { width: rightWidth, panels: fillStack(right, middle) },
  ];
  return withChart([top, { height: middle, stacks }], width, height);
}

/** The focused panel first, the quiet ones last, the others by importance. */
function inOrder(panels: readonly PanelId[], wants: Wants, focus: PanelId): readonly PanelWant[] {
  const place = (id: PanelId) => (id === focus ? 0 : wants[id].quiet === true ? 2 : 1);
  return panels.toSorted((one, other) => place(one) - place(other)).map((id) => wants[id]);
}

/** What is left below the panels becomes the chart of the selected clock, where it is enough for one. */
function withChart(bands: readonly Band[], width: number, height: number): readonly Band[] {
  const left = height - sum(bands);
  if (left < chartLeast) return bands;
  const chart = Math.min(left, chartMost);
  return [...bands, { height: chart, stacks: [{ width, panels: [{ id: 'chart', height: chart }] }] }];
}

/**
 * Gives each panel, in order of importance, what it is comfortable with, but leaves the next one its least where there
 * is enough for both; then lets them grow in the same order to what they could fill.
 */
function fillStack(panels: readonly PanelWant[], height: number): readonly PanelPlace[] {
  let left = height;
  const heights = panels.map(({ least, comfortable, wanted }, index) => {
    const needed = Math.min(least, wanted);
    const next = panels[index + 1];
    const free = Math.max(left - Math.min(next?.least ?? 0, next?.wanted ?? 0), needed);
    const given = wanted === 0 || needed > left ? 0 : Math.min(comfortable, wanted, free);
    left -= given;
    return given;
  });
  return panels.flatMap(({ id, wanted }, index) => {
    const given = heights[index] ?? 0;
    if (given === 0) return [];
    const more = Math.min(wanted - given, left);
    left -= more;
    return [{ id, height: given + more }];
  });
}

function sum(parts: readonly { readonly height: number }[]): number {
  return parts.reduce((total, { height }) => total + height, 0);
}
