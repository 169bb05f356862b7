import { asciiPlot } from './ascii-plot.ts';
import { blockPlot } from './block-plot.ts';
import { braillePlot } from './braille-plot.ts';
import { type ChartPoint, placePoints } from './place-points.ts';
import type { Plot } from './plot.ts';
import { sparkline } from './sparkline.ts';
import type { Symbols } from './symbols.ts';
import { timeAxis } from './time-axis.ts';
import { type ScaleKind, type Tick, type ValueScale, valueScale } from './value-scale.ts';

export type { ChartPoint } from './place-points.ts';

export interface ChartRequest {
  /** Forward in time. */
  readonly points: readonly ChartPoint[];
  /** A second line on the same axes, drawn differently: dashed, or in other characters. */
  readonly second?: readonly ChartPoint[];
  /** Columns. */
  readonly width: number;
  /** Rows, axes and their labels included. */
  readonly height: number;
  readonly symbols: Symbols;
  readonly scale: ScaleKind;
  /** 'ns' gives labels in ns, µs, ms and s; any other stands behind a number with k, M or G ('/s': "50k/s"). */
  readonly unit: string;
  /** @default 60_000 */
  readonly windowMs?: number;
  /** The moment at the right edge. @default that of the newest point of either line */
  readonly endMs?: number;
  /** Seconds that the right edge lies before the newest moment, which is then what the right edge says. @default 0 */
  readonly behindSeconds?: number;
  /** The newest moment is the end, and not now. @default false */
  readonly over?: boolean;
  /** Moments to mark on the time axis. @default none */
  readonly marks?: readonly number[];
}

const plots: Readonly<Record<Symbols, Plot>> = { braille: braillePlot, block: blockPlot, ascii: asciiPlot };

/** Below this a chart has no room for its axes, and is a sparkline. */
const least = { width: 24, height: 5 };

/** Exactly `height` rows of exactly `width` columns of plain text, all characters one column wide. */
export function drawChart(request: ChartRequest): readonly string[] {
  const width = Math.max(0, Math.floor(request.width));
  const height = Math.max(0, Math.floor(request.height));
  if (width < least.width || height < least.height) return small(request, width, height);

  const plot = plots[request.symbols];
  const rows = height - 2;
  const stretch = shownStretch(request);
  const scale = scaleOf(request, stretch.startMs, rows);
  const gutter = gutterOf(scale.ticks, plot, rows, request.symbols);
  const columns = width - gutter.width - 1;
  const heightsOf = (points: readonly ChartPoint[]) =>
    placePoints(points, columns * plot.placesPerColumn, stretch).map((value) =>
      value === null ? null : scale.height(value),
    );
  const drawn = plot.draw({
    heights: heightsOf(request.points),
    second: heightsOf(request.second ?? []),
    rows,
    kind: request.scale,
  });
  const axis = timeAxis(columns, {
    seconds: (stretch.endMs - stretch.startMs) / 1000,
    behindSeconds: request.behindSeconds ?? 0,
    newest: request.over === true ? 'end' : 'now',
    symbols: request.symbols,
  });
  const marked = [...drawn.slice(0, -1), markAxis(drawn.at(-1) ?? '', request, stretch)];
  return [...marked.map((row, index) => gutter.label(index) + row), `${' '.repeat(gutter.width + 1)}${axis}`];
}

/** The x axis with an arrow under each moment that is marked; its first column is the y axis's. */
function markAxis(axis: string, { marks = [], symbols }: ChartRequest, { startMs, endMs }: Stretch): string {
  const row = Array.from(axis);
  const columns = row.length - 1;
  for (const atMs of marks) {
    const column = Math.min(Math.floor(((atMs - startMs) / (endMs - startMs)) * columns), columns - 1);
    if (atMs >= startMs && atMs <= endMs + lateMs) row[1 + column] = symbols === 'ascii' ? '^' : '↑';
  }
  return row.join('');
}

/** What happens is noted after the sample that the axis ends with. */
const lateMs = 1_000;

type Stretch = ReturnType<typeof shownStretch>;

function small({ points, symbols }: ChartRequest, width: number, height: number): readonly string[] {
  const blank = ' '.repeat(width);
  const values = points.map((point) => point.value);
  return Array.from({ length: height }, (_, row) => (row === height - 1 ? sparkline(values, width, symbols) : blank));
}

function shownStretch({ points, second = [], windowMs = 60_000, endMs }: ChartRequest) {
  const end = endMs ?? Math.max(points.at(-1)?.atMs ?? 0, second.at(-1)?.atMs ?? 0);
  return { startMs: end - windowMs, endMs: end };
}

/** Scaled to what is shown, not to what has already left the window. */
function scaleOf({ points, second = [], scale, unit }: ChartRequest, startMs: number, rows: number): ValueScale {
  const values = [...points, ...second]
    .filter((point) => point.atMs >= startMs)
    .flatMap(({ value }) => (value !== null && Number.isFinite(value) ? [value] : []));
  return valueScale(scale, { values, rows, unit });
}

/** The column of labels left of the y axis, right-aligned; where two fall on one row the lower one stands. */
function gutterOf(ticks: readonly Tick[], plot: Plot, rows: number, symbols: Symbols) {
  const labels = new Map<number, string>();
  for (const { height, label } of ticks) {
    const row = plot.rowOf(height, rows);
    if (!labels.has(row)) labels.set(row, symbols === 'ascii' ? label.replace('µ', 'u') : label);
  }
  const width = Math.max(0, ...[...labels.values()].map((label) => label.length));
  return { width, label: (row: number) => (labels.get(row) ?? '').padStart(width) };
}
