import type { PanelId } from './screen-state.ts';

/** How many rows a panel needs at least to say anything (title included), and how many it could fill. */
export interface PanelWant {
  readonly id: PanelId;
  readonly least: number;
  readonly wanted: number;
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
export const tinyColumns = 40;
export const tinyRows = 8;
/** From here on two stacks of panels stand side by side below the clock table. */
const twoStackColumns = 110;
/** A chart lower than this shows nothing; one higher than this costs more CPU than it tells. */
const chartLeast = 8;
const chartMost = 16;
/** Columns of the rule between two stacks. */
export const gutter = 3;

export function isTiny(columns: number, rows: number): boolean {
  return columns < tinyColumns || rows < tinyRows;
}

/** Lines the headline may take: it is the answer, so it is cut last. */
export function headlineLines(columns: number, rows: number): number {
  if (columns >= 120) return rows >= 24 ? 2 : 1;
  return rows >= 20 ? 3 : 2;
}

/** Which panels stand where in `columns` × `height`, by what each has to say. */
export function placePanels(columns: number, height: number, wants: Wants): readonly Band[] {
  return columns >= twoStackColumns ? placeTwo(columns, height, wants) : placeOne(columns, height, wants);
}

function placeOne(width: number, height: number, wants: Wants): readonly Band[] {
  const order: readonly PanelId[] = ['clocks', 'why', 'threads', 'mappings', 'events'];
  const panels = fillStack(
    order.map((id) => wants[id]),
    height,
  );
  return withChart([{ height: sum(panels), stacks: [{ width, panels }] }], width, height);
}

function placeTwo(columns: number, height: number, wants: Wants): readonly Band[] {
  const clocks = Math.min(wants.clocks.wanted, Math.max(height - 8, wants.clocks.least));
  const top: Band = { height: clocks, stacks: [{ width: columns, panels: [{ id: 'clocks', height: clocks }] }] };
  const rightWidth = Math.max(Math.floor(columns * 0.4), 48);
  const leftWidth = columns - rightWidth - gutter;
  const left = wants.why.wanted;
  const right = [wants.threads, wants.mappings, wants.events];
  const rest = height - clocks;
  const content = Math.max(left, sum(right.map(({ wanted }) => ({ height: wanted }))));
  const middle = rest - content >= chartLeast ? content : rest;
  const band: Band = {
    height: middle,
    stacks: [
      { width: leftWidth, panels: [{ id: 'why', height: middle }] },
      { width: rightWidth, panels: fillStack(right, middle) },
    ],
  };
  return withChart(middle >= wants.why.least ? [top, band] : [top], columns, height);
}

/** What is left below the panels becomes the chart of the selected clock, where it is enough for one. */
function withChart(bands: readonly Band[], width: number, height: number): readonly Band[] {
  const left = height - sum(bands);
  if (left < chartLeast) return bands;
  const chart = Math.min(left, chartMost);
  return [...bands, { height: chart, stacks: [{ width, panels: [{ id: 'chart', height: chart }] }] }];
}

/** Gives each panel its least in order of importance, then lets them grow in the same order to what they could fill. */
function fillStack(panels: readonly PanelWant[], height: number): readonly PanelPlace[] {
  let left = height;
  const chosen = panels.filter(({ least, wanted }) => {
    const fits = wanted > 0 && Math.min(least, wanted) <= left;
    if (fits) left -= Math.min(least, wanted);
    return fits;
  });
  return chosen.map(({ id, least, wanted }) => {
    const more = Math.min(Math.max(wanted - least, 0), left);
    left -= more;
    return { id, height: Math.min(least, wanted) + more };
  });
}

function sum(parts: readonly { readonly height: number }[]): number {
  return parts.reduce((total, { height }) => total + height, 0);
}
