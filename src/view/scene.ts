import type { Frame } from '../model/frame.ts';
import type { Recording } from '../model/outlets.ts';
import { clockLookedAt } from './clock-looked-at.ts';
import { type ClockRow, clockRows } from './clock-rows.ts';
import type { Drawing } from './drawing.ts';
import type { GlossaryEntry } from './help.ts';
import type { TraceState } from './perf-trace.ts';
import type { ScreenState } from './screen-state.ts';
import type { Toast } from './toast.ts';

/** All that decides what stands on the screen at one moment. */
export interface ScreenInput {
  readonly frame: Frame;
  readonly state: ScreenState;
  readonly columns: number;
  readonly rows: number;
  readonly drawing: Drawing;
  readonly glossary: readonly GlossaryEntry[];
  /** What just happened, for a moment. */
  readonly toast: Toast | undefined;
  readonly trace: TraceState | undefined;
  /** What is being recorded to a file; absent when nothing is. */
  readonly recording?: Recording | undefined;
  /** Stands in the last row instead of the keys, of which a picture has none. */
  readonly caption?: string;
}

/** The same with the clocks in their order, and the one that is looked at found once. */
export interface Scene extends ScreenInput {
  readonly clocks: readonly ClockRow[];
  readonly clock: ClockRow | undefined;
}

export function makeScene(input: ScreenInput): Scene {
  const { frame, state } = input;
  const rows = clockRows(frame.report);
  const chosen = clockLookedAt(rows, state.selected);
  const clocks = frame.state === 'measuring' ? rows.map(unjudged) : rows;
  return { ...input, clocks, clock: clocks.find(({ key }) => key === chosen?.key) };
}

/** A row says no more than the header: while that has no verdict, neither has a clock. */
function unjudged(row: ClockRow): ClockRow {
  return { ...row, verdict: 'unknown' };
}
