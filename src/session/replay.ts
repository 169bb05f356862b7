import type { Capsule } from '../model/capsule.ts';
import type { Frame } from '../model/frame.ts';
import type { LiveSession } from '../model/live-session.ts';
import type { ReplayedFrom, Report } from '../model/report.ts';
import { pastOf } from './history.ts';
import { createLookback } from './lookback.ts';

export interface ReplayOptions {
  /** Of the vdsotop that judges now. */
  readonly version: string;
  /** What a reader should know, whole sentences (ReplayedFrom). */
  readonly notes: readonly string[];
}

/** A capsule looked at as if it were watched. */
export interface Replay extends LiveSession {
  /** The judgement of everything from attach, exec or reset to the moment shown. */
  report(): Report | undefined;
  /** The same capsule, with the moment shown. */
  capsule(): Capsule;
  /** Every moment in its order, as the screen shows it while it plays. Moves the shown moment to the last one. */
  frames(): Iterable<Frame>;
  close(): void;
}

/** A gap in a recording is not waited for. */
const longestWaitMs = 2_000;

/** Opens at the moment that the capsule was saved at, standing still. */
export function startReplay({ header, snapshots }: Capsule, { version, notes }: ReplayOptions): Replay {
  const replayed: ReplayedFrom = { savedAt: header.savedAt, savedBy: header.tool.version, notes };
  const { commandLine } = header;
  let intervalMs = header.intervalMs;
  const look = createLookback(pastOf(snapshots), () => ({ version, commandLine, intervalMs, replayed }));
  let timer: NodeJS.Timeout | undefined;

  const isLast = () => look.shownAt() >= snapshots.length - 1;
  const stop = () => {
    clearTimeout(timer);
    look.setPaused(true);
  };
  /** At the pace at which it was taken, or faster and slower by the interval. */
  const play = () => {
    clearTimeout(timer);
    if (isLast()) return stop();
    const [now, next] = [snapshots[look.shownAt()], snapshots[look.shownAt() + 1]];
    const recordedMs = (next?.elapsedMs ?? 0) - (now?.elapsedMs ?? 0);
    const waitMs = Math.min((recordedMs * intervalMs) / header.intervalMs, Math.max(longestWaitMs, intervalMs));
    timer = setTimeout(() => {
      look.show(look.shownAt() + 1);
      play();
    }, waitMs);
  };

  const shownMs = header.shownMs ?? Number.POSITIVE_INFINITY;
  const opened = snapshots.findIndex(({ elapsedMs }) => elapsedMs >= shownMs);
  look.show(opened < 0 ? snapshots.length - 1 : opened);
  stop();

  return {
    subscribe: look.subscribe,
    frame: look.frame,
    report: () => look.report('shown'),
    capsule() {
      const shown = look.shown()?.elapsedMs;
      return { header: { ...header, ...(shown !== undefined && { shownMs: shown }) }, snapshots };
    },
    *frames() {
      look.setPaused(false);
      for (const number of snapshots.keys()) {
        look.show(number);
        const frame = look.frame();
        if (frame !== undefined) yield frame;
      }
      stop();
    },
    pause: stop,
    resume() {
      if (isLast()) look.show(0);
      look.setPaused(false);
      play();
    },
    step(samples) {
      stop();
      look.step(samples);
    },
    jump(seconds) {
      look.jump(seconds);
      if (!look.isPaused()) play();
    },
    hasEnded: () => false,
    reset: () => {},
    setBaseline: look.setBaseline,
    setIntervalMs(next) {
      intervalMs = next;
      look.changed();
      if (!look.isPaused()) play();
    },
    perfTraceAllowed: () => false,
    perfTraceWarning: () => 'perf trace counts a running process, and this is a replay',
    perfTrace: async () => ({ unavailable: 'unsupported', detail: 'a replay has no process to trace' }),
    close: () => clearTimeout(timer),
  };
}
