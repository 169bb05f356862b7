import { diagnose } from '../analysis/diagnose.ts';
import { makeSeries } from '../analysis/series.ts';
import { makeWindow } from '../analysis/window.ts';
import type { Frame, LiveState, Report, Snapshot } from '../model.ts';
import type { History } from './history.ts';
import { withCommandLine } from './with-command-line.ts';

/** A live window is judged over its last ten seconds, so that a cause that has ended leaves the screen. */
const liveWindowMs = 10_000;
const seriesMs = 60_000;
/** Until this much has been watched there is something on the screen but no verdict in it. */
const measuringMs = 900;

/** What a frame is made of beside the past. */
export interface FrameInput {
  readonly history: History;
  readonly version: string;
  readonly commandLine: string;
  readonly intervalMs: number;
  /** Number of the snapshot shown, counted from the first ever; undefined when live. */
  readonly pausedAt: number | undefined;
  /** `elapsedMs` of the last snapshot that saw a read. */
  readonly lastReadMs: number | undefined;
}

/** The frame of the moment shown; undefined before the first snapshot. */
export function makeFrame(input: FrameInput): Frame | undefined {
  const { history, pausedAt, intervalMs } = input;
  const past = shownPast(history, pausedAt);
  const last = past.at(-1);
  const newest = history.all().at(-1);
  if (last === undefined || newest === undefined) return undefined;
  const fromMs = Math.max(last.sinceMs, last.elapsedMs - liveWindowMs);
  const judged = past.filter(({ elapsedMs }) => elapsedMs >= fromMs);
  return {
    state: stateOf(last, last.elapsedMs - last.sinceMs, pausedAt !== undefined),
    behindSeconds: (newest.elapsedMs - last.elapsedMs) / 1_000,
    intervalMs,
    report: judge(judged, input, last.sinceMs),
    series: makeSeries(past.filter(({ elapsedMs }) => elapsedMs >= last.elapsedMs - seriesMs)),
    idleSeconds: idleSeconds(last, input.lastReadMs),
  };
}

/** The judgement of everything since attach, exec or reset; undefined before the first snapshot. */
export function judgeWhole({ history, ...input }: FrameInput): Report | undefined {
  const last = history.all().at(-1);
  if (last === undefined) return undefined;
  return judge(
    history.all().filter(({ elapsedMs }) => elapsedMs >= last.sinceMs),
    input,
  );
}

function judge(
  snapshots: readonly Snapshot[],
  { version, commandLine }: Pick<FrameInput, 'version' | 'commandLine'>,
  sinceMs?: number,
): Report {
  const unwatched = snapshots.at(-1)?.unwatched ?? [];
  return withCommandLine(diagnose(makeWindow(snapshots, unwatched, sinceMs), { version }), commandLine);
}

/** Everything kept up to the moment shown; one that is older than all that is kept shows the oldest that is. */
function shownPast(history: History, pausedAt: number | undefined): readonly Snapshot[] {
  const kept = history.all();
  if (pausedAt === undefined) return kept;
  const dropped = history.added() - kept.length;
  return kept.slice(0, Math.max(1, pausedAt - dropped + 1));
}

function stateOf(last: Snapshot, watchedMs: number, paused: boolean): LiveState {
  if (paused) return 'paused';
  if (last.ended) return 'ended';
  return watchedMs < measuringMs ? 'measuring' : 'live';
}

function idleSeconds(last: Snapshot, lastReadMs: number | undefined): number | undefined {
  const canSeeReads = 'value' in last.entries && 'value' in last.fastReads;
  return canSeeReads && lastReadMs !== undefined ? Math.max(0, last.elapsedMs - lastReadMs) / 1_000 : undefined;
}
