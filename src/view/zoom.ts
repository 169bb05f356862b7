import type { Frame } from '../model/frame.ts';
import { cell, type Grid, type Row } from './cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { countsAreExact } from './clock-table.ts';
import { type Drawing, type Point, placesPerColumn, type Scale } from './drawing.ts';
import { eventMarks, markSparkline } from './event-marks.ts';
import { formatCount, formatEstimate, formatNs, isUnavailable } from './format.ts';
import { isNow } from './is-now.ts';
import { curveOf, resample } from './resample.ts';

export interface ZoomInput {
  readonly frame: Frame;
  readonly clock: ClockRow | undefined;
  readonly scale: Scale;
  readonly width: number;
  /** Rows of the body, below the panel's title. */
  readonly height: number;
  readonly drawing: Drawing;
}

/** Where the nanoseconds come from; it stands wherever they are shown. */
export const nsOrigin = "ns measured in vdsotop's process on this host, not in the target";

/** The same in fewer words, longest first. */
export const nsOrigins = [
  nsOrigin,
  'ns timed in vdsotop, not the target',
  'ns timed in vdsotop, not target',
  'timed in vdsotop',
] as const;

/** Below this height of the body the chart takes the row of kernel entries too. */
const entriesFrom = 10;

/** The time chart of one clock: nanoseconds per call on the vDSO and by syscall, and the curve of kernel entries below. */
export function zoomRows({ frame, clock, scale, width, height, drawing }: ZoomInput): Grid {
  const points = frame.series.find(({ slot }) => slot === clock?.slot)?.points ?? [];
  const vdso = timed(curveOf(points, 'vdsoNs'));
  const syscall = timed(curveOf(points, 'syscallNs'));
  if (vdso.length === 0 && syscall.length === 0) return [[cell(` ${nothing(clock)}`, 'muted')]];
  // A counter on the tracepoint is paid for by our own timed syscalls too; a read that stays in the vDSO meets none.
  const watched = !isUnavailable(frame.report.coverage.method);
  const entries = resample(curveOf(points, 'kernelEntriesPerSecond'), (width - 24) * placesPerColumn, 60);
  const marks = eventMarks(frame.report.events);
  const moments = { marks, newestMs: points.at(-1)?.atMs ?? 0 };
  const exact = countsAreExact(frame.report);
  const below = height < entriesFrom ? [] : [entriesRow(entries, drawing, width, { ...moments, exact })];
  const chartHeight = height - 2 - below.length;
  // One curve alone is drawn as the first, so that it is never hidden behind an empty one.
  const first = vdso.length > 0 ? vdso : syscall;
  const chart = drawing.chart({
    subject: clock?.key ?? '',
    points: first,
    endMs: points.at(-1)?.atMs ?? 0,
    ...(first === vdso && syscall.length > 0 ? { second: syscall } : {}),
    width,
    height: Math.max(chartHeight, 1),
    scale,
    unit: 'ns',
    behindSeconds: frame.behindSeconds,
    over: frame.replay !== undefined || frame.report.target.ended,
    marks,
  });
  return [
    legend(frame, 'vDSO   ', vdso, watched && clock?.servedByVdso !== true),
    legend(frame, 'syscall', syscall, watched),
    ...chart.slice(0, Math.max(chartHeight, 0)).map((line): Row => [cell(line)]),
    ...below,
  ];
}

/** The sampler takes clocks in turn: a step without a price is no gap. The chart breaks the line where many are missing. */
function timed(curve: readonly Point[]): readonly Point[] {
  return curve.filter(({ value }) => value !== null);
}

function legend(frame: Frame, name: string, points: readonly Point[], watched: boolean): Row {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const last = values.at(-1);
  if (last === undefined) return [cell(` ${name}  not timed in this stretch`, 'muted')];
  const range = ` min ${formatNs(Math.min(...values))}  max ${formatNs(Math.max(...values))}`;
  return [
    cell(` ${name}  `, 'muted'),
    cell(`${isNow(frame) ? 'now' : 'last'} ${formatNs(last)}  `, 'strong'),
    cell(range),
    cell(watched ? '  while watched' : '  unwatched', 'muted'),
  ];
}

function entriesRow(
  values: readonly (number | null)[],
  drawing: Drawing,
  width: number,
  { marks, newestMs, exact }: { readonly marks: readonly number[]; readonly newestMs: number; readonly exact: boolean },
): Row {
  if (values.every((value) => value === null)) return [cell(' kernel entries: not counted in this stretch', 'muted')];
  const newest = values.at(-1) ?? null;
  const rate = newest === null ? 'not counted' : `${(exact ? formatCount : formatEstimate)(newest)}/s`;
  const label = ` kernel ${rate}`.padEnd(22);
  return [
    cell(label, 'muted'),
    cell(markSparkline(drawing.sparkline(values, Math.max(width - 24, 1)), marks, { newestMs, seconds: 60 }), 'accent'),
  ];
}

function nothing(clock: ClockRow | undefined): string {
  if (clock === undefined) return 'no clock to show yet';
  return clock.slot === undefined ? `${clock.name} has no time series` : `${clock.name} was not timed in this stretch`;
}
