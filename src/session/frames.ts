import { diagnose } from '../analysis/diagnose.ts';
import { compareWatches } from '../analysis/diff/compare-watches.ts';
import type { Watch } from '../analysis/diff/watch.ts';
import { makeSeries } from '../analysis/series.ts';
import { makeWindow } from '../analysis/window.ts';
import type { Difference } from '../model/difference.ts';
import type { Frame, LiveState } from '../model/frame.ts';
import type { ReplayedFrom, Report } from '../model/report.ts';
import type { Snapshot, Window } from '../model/snapshot.ts';
import { liveWindowMs } from './live-window-ms.ts';
import { reachingBack } from './reaching-back.ts';
import { sinceReset } from './since-reset.ts';
import { withCommandLine } from './with-command-line.ts';

const seriesMs = 60_000;
/** Until this much has been watched there is something on the screen but no verdict in it. */
const measuringMs = 650;

/** What a frame is made of. */
export interface FrameInput {
  /** Consecutive snapshots up to the moment shown, the window and the curves among them. */
  readonly shown: readonly Snapshot[];
  /** The whole past begins and ends with these, whatever is shown. */
  readonly oldest: Snapshot | undefined;
  readonly newest: Snapshot | undefined;
  /** As Past has it, at the moment shown. */
  readonly lastReadMs: number | undefined;
  readonly version: string;
  readonly commandLine: string;
  readonly intervalMs: number;
  readonly paused: boolean;
  /** What every frame is compared with; absent while nothing is. */
  readonly baseline?: Watch | undefined;
  /** Where the past was opened from; absent while it is made. */
  readonly replayed?: ReplayedFrom;
}

/** The frame of the moment shown; undefined before the first snapshot. */
export function makeFrame(input: FrameInput): Frame | undefined {
  const { shown, oldest, newest, lastReadMs, intervalMs, paused, replayed, baseline } = input;
  const last = shown.at(-1);
  if (last === undefined || oldest === undefined || newest === undefined) return undefined;
  const report = judge(liveWindow(shown, last), input);
  return {
    state: stateOf(last, paused && !(newest.ended && last === newest && replayed === undefined)),
    behindSeconds: secondsFrom(last, newest),
    ...(newest.ended && { hasEnded: true }),
    intervalMs,
    report,
    series: makeSeries(sinceReset(shown.filter(({ elapsedMs }) => elapsedMs >= last.elapsedMs - seriesMs))),
    idleSeconds: idleSeconds(last, lastReadMs),
    ...(baseline && { difference: differenceFrom(baseline, watchNow(shown, last, report, baseline), input) }),
    ...(replayed && { replay: { atSeconds: secondsFrom(oldest, last), ofSeconds: secondsFrom(oldest, newest) } }),
  };
}

/** The last ten seconds of the moment shown, to compare later ones with; undefined before the first snapshot. */
export function watchShown(input: FrameInput): Watch | undefined {
  const { shown } = input;
  const last = shown.at(-1);
  const report = judgeLive(input);
  return last && report && { ...watchNow(shown, last, report), label: 'baseline' };
}

/** Prices are timed some times in ten seconds: a minute of them counts, but none that are the baseline's. */
function watchNow(shown: readonly Snapshot[], last: Snapshot, report: Report, baseline?: Watch): Watch {
  const baselineMs = baseline?.snapshots.at(-1)?.elapsedMs ?? 0;
  const fromMs = Math.max(last.sinceMs, last.elapsedMs - seriesMs, last.elapsedMs > baselineMs ? baselineMs : 0);
  const pricedOver = shown.filter(({ elapsedMs }) => elapsedMs >= fromMs);
  return { label: 'now', snapshots: reachingBack(shown, liveWindowMs), pricedOver, report };
}

function differenceFrom(baseline: Watch, now: Watch, { version }: FrameInput): Difference {
  return compareWatches(baseline, now, { version });
}

/** The judgement that a frame holds, alone. */
export function judgeLive(input: FrameInput): Report | undefined {
  const { shown } = input;
  const last = shown.at(-1);
  return last && judge(liveWindow(shown, last), input);
}

/** The judgement of what is there from attach, exec or reset to the moment shown; undefined before the first snapshot. */
export function judgeWhole(input: FrameInput): Report | undefined {
  const { shown } = input;
  const last = shown.at(-1);
  if (last === undefined) return undefined;
  const since = shown.filter(({ elapsedMs }) => elapsedMs >= last.sinceMs);
  return judge(makeWindow(since, last.unwatched, last.sinceMs), input);
}

export function judge(
  window: Window,
  { version, commandLine, replayed }: Pick<FrameInput, 'version' | 'commandLine' | 'replayed'>,
): Report {
  const report = withCommandLine(diagnose(window, { version }), commandLine);
  return replayed === undefined ? report : { ...report, replayed };
}

/** The last ten seconds, or the last interval, so that a cause that has ended leaves the screen. */
function liveWindow(shown: readonly Snapshot[], last: Snapshot): Window {
  return makeWindow(reachingBack(shown, liveWindowMs), last.unwatched, last.sinceMs);
}

function secondsFrom(before: Snapshot, after: Snapshot): number {
  return (after.elapsedMs - before.elapsedMs) / 1_000;
}

function stateOf(last: Snapshot, paused: boolean): LiveState {
  if (paused) return 'paused';
  if (last.ended) return 'ended';
  return last.elapsedMs - last.sinceMs < measuringMs ? 'measuring' : 'live';
}

function idleSeconds(last: Snapshot, lastReadMs: number | undefined): number | undefined {
  const canSeeReads = 'value' in last.entries && 'value' in last.fastReads;
  return canSeeReads && lastReadMs !== undefined ? Math.max(0, last.elapsedMs - lastReadMs) / 1_000 : undefined;
}
