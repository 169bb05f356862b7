import type { ClockSlot } from './clock-calls.ts';
import type { Difference } from './difference.ts';
import type { Report } from './report.ts';

/** One step of the time axis of one clock. null is a gap: nothing was measured, which is not zero. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly kernelEntriesPerSecond: number | null;
  readonly vdsoNs: number | null;
  readonly syscallNs: number | null;
}

export interface ClockSeries {
  readonly slot: ClockSlot;
  readonly points: readonly SeriesPoint[];
}

export type LiveState = 'measuring' | 'live' | 'paused' | 'ended';

/** What the screen shows at one moment: a Report and the series behind it. */
export interface Frame {
  readonly state: LiveState;
  /** Seconds the shown moment lies behind the newest one; 0 when live. */
  readonly behindSeconds: number;
  /** The target has ended, whatever moment is shown; absent while it lives. */
  readonly hasEnded?: boolean;
  readonly intervalMs: number;
  readonly report: Report;
  readonly series: readonly ClockSeries[];
  /** Seconds since the target last read a clock as far as can be seen; undefined where it cannot be seen. */
  readonly idleSeconds: number | undefined;
  /** Where the moment shown lies in a capsule that is replayed; absent while a target is watched. */
  readonly replay?: ReplayMoment;
  /** From the baseline to the moment shown; absent while none is set. */
  readonly difference?: Difference;
}

/** Seconds since the first snapshot of a capsule, of so many. */
export interface ReplayMoment {
  readonly atSeconds: number;
  readonly ofSeconds: number;
}
