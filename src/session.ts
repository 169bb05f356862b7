import { makeCapsule } from './capsule/make-capsule.ts';
import type { Capsule } from './model/capsule.ts';
import type { SessionEventKind } from './model/events.ts';
import type { LiveSession } from './model/live-session.ts';
import type { Report } from './model/report.ts';
import type { Snapshot } from './model/snapshot.ts';
import { createEventLog } from './session/event-log.ts';
import { createHistory } from './session/history.ts';
import { createLookback } from './session/lookback.ts';
import { measurePerfTrace, perfTraceSafeRate, perfTraceStall, tracedRate } from './session/perf-trace-beside.ts';
import { createProbes, type ProbeOptions } from './session/probes.ts';
import { createStalls } from './session/stalls.ts';
import { createTicker } from './session/ticker.ts';
import { windowBegins } from './session/window-begins.ts';

/**
 * Since the first snapshot: the first samples come faster than the interval, as a verdict within a second and a half is
 * worth two extra. The last one is just past the stretch that a verdict needs (frames.ts).
 */
const firstTicksMs = [100, 350, 700] as const;

export interface SessionOptions extends ProbeOptions {
  readonly intervalMs: number;
  readonly version: string;
  /** How vdsotop was called, for remedies that say to run it again with more permission. */
  readonly commandLine: string;
}

export interface Session extends LiveSession {
  /** Settles when the paths are priced, the counters armed and the first snapshot taken; rejects when that failed. */
  readonly armed: Promise<void>;
  /** Settles when the target has ended and its last counts are read. */
  readonly ended: Promise<void>;
  /** The judgement of everything since attach, exec or reset; undefined before the first snapshot. */
  report(): Report | undefined;
  /** Everything kept, with the moment shown and what it is judged by, nothing hidden; undefined before the first snapshot. */
  capsule(): Capsule | undefined;
  /** The judgement of the last ten seconds, whatever is shown; undefined before the first snapshot. */
  liveReport(): Report | undefined;
  /** Adds something to what happened, for the screen and for what is saved. */
  note(kind: SessionEventKind, text: string): void;
  /** Calls back with every snapshot that is taken from now on; returns the way to stop. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Takes a snapshot now, outside the rhythm; nothing more once the target has ended. */
  sampleNow(): Promise<void>;
  close(): void;
}

/** Attaches to a process and watches it until closed. Never throws for what it cannot see: that is in the Report. */
export function startSession(options: SessionOptions): Session {
  const events = createEventLog();
  const history = createHistory();
  const probes = createProbes(options, events);
  const { version, commandLine } = options;
  const snapshotListeners = new Set<(snapshot: Snapshot) => void>();
  const ended = Promise.withResolvers<void>();
  let intervalMs = options.intervalMs;
  const look = createLookback(history, () => ({ version, commandLine, intervalMs }));
  const stalls = createStalls();
  let sampling: Promise<void> | undefined;
  let closed = false;

  const newest = () => history.all().at(-1);
  const isOver = () => closed || newest()?.ended === true;

  const sample = async () => {
    const stall = stalls.check(performance.now(), intervalMs);
    if (stall !== undefined) events.note('gap', stall);
    const before = newest();
    const lastReadMs = history.lastReadMs(history.added() - 1);
    const idleForMs = before === undefined || lastReadMs === undefined ? 0 : before.elapsedMs - lastReadMs;
    const snapshot = await probes.snapshot(idleForMs, windowBegins(history.all()));
    if (closed) return;
    history.add(snapshot);
    for (const listener of snapshotListeners) listener(snapshot);
    if (snapshot.ended) ended.resolve();
    look.changed();
  };

  /** One at a time. What fails in one sample is noted, and the next one is taken all the same. */
  const sampleNow = async () => {
    if (isOver()) return;
    sampling ??= sample()
      .catch((error: unknown) =>
        events.note('gap', `a sample failed: ${error instanceof Error ? error.message : error}`),
      )
      .finally(() => {
        sampling = undefined;
      });
    await sampling;
  };

  const ticker = createTicker(
    async () => {
      await sampleNow();
      return !isOver();
    },
    (runs, ranMs) => {
      const dueMs = firstTicksMs[runs];
      return dueMs === undefined ? intervalMs : Math.max(0, Math.min(dueMs - ranMs, intervalMs));
    },
  );

  const begin = async () => {
    await probes.arm();
    if (closed) return probes.close();
    await sampleNow();
    // Closed meanwhile, it must not begin to tick and to read.
    if (closed) return;
    ticker.start();
    void probes.readSlowFacts();
  };

  const armed = begin();
  // It is told to who waits for it: one that was closed before may have nobody left.
  armed.catch(() => {});

  return {
    armed,
    ended: ended.promise,
    sampleNow,
    subscribe: look.subscribe,
    frame: look.frame,
    step: look.step,
    setBaseline: look.setBaseline,
    report: () => look.report('newest'),
    liveReport: look.liveReport,
    note: events.note,
    onSnapshot(listener) {
      snapshotListeners.add(listener);
      return () => snapshotListeners.delete(listener);
    },
    capsule() {
      const report = look.report('shown');
      const shownMs = look.shown()?.elapsedMs;
      const facts = { savedAtMs: Date.now(), intervalMs, commandLine };
      const moment = shownMs === newest()?.elapsedMs ? undefined : shownMs;
      return report && makeCapsule(look.kept(), report, { ...facts, shownMs: moment });
    },
    pause() {
      // The moment that is newest now stays, while watching goes on.
      look.show(look.shownAt());
      look.setPaused(history.added() > 0);
    },
    resume() {
      look.show('newest');
      look.setPaused(false);
    },
    jump(seconds) {
      look.setPaused(history.added() > 0);
      look.jump(seconds);
    },
    hasEnded: () => newest()?.ended === true,
    reset() {
      if (isOver()) return;
      events.note('reset', 'window and coverage start anew');
      probes.restart();
      look.setPaused(false);
      look.show('newest');
      void sampleNow();
    },
    setIntervalMs(next) {
      intervalMs = next;
      stalls.restart();
      // Before the first snapshot there is no rhythm yet to change.
      if (history.added() > 0 && !isOver()) ticker.start();
      look.changed();
    },
    perfTraceAllowed: () => (tracedRate(history.all()) ?? Number.POSITIVE_INFINITY) <= perfTraceSafeRate,
    perfTraceWarning: (seconds) => perfTraceStall(history.all(), seconds),
    perfTrace: (seconds) => measurePerfTrace(options.pid, seconds, sampleNow, () => history.all()),
    close() {
      closed = true;
      ticker.stop();
      probes.close();
    },
  };
}
