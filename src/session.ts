import type { Frame, LiveSession, Report, Snapshot } from './model.ts';
import { createEventLog } from './session/event-log.ts';
import { type FrameInput, judgeWhole, makeFrame } from './session/frames.ts';
import { createHistory } from './session/history.ts';
import { measurePerfTrace, perfTraceSafeRate, perfTraceStall, tracedRate } from './session/perf-trace-beside.ts';
import { createProbes, type ProbeOptions } from './session/probes.ts';
import { createTicker } from './session/ticker.ts';

/** The first samples come faster than the interval: a verdict within a second and a half is worth two extra. */
const firstTicksMs = [100, 300, 500] as const;

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
  /** Takes a snapshot now, outside the rhythm; nothing more once the target has ended. */
  sampleNow(): Promise<void>;
  close(): void;
}

/** Attaches to a process and watches it until closed. Never throws for what it cannot see: that is in the Report. */
export function startSession(options: SessionOptions): Session {
  const events = createEventLog();
  const history = createHistory();
  const probes = createProbes(options, events);
  const listeners = new Set<() => void>();
  const ended = Promise.withResolvers<void>();
  let intervalMs = options.intervalMs;
  let pausedAt: number | undefined;
  let lastReadMs: number | undefined;
  let cached: Frame | undefined;
  let sampling: Promise<void> | undefined;
  let closed = false;

  const newest = () => history.all().at(-1);
  const isOver = () => closed || newest()?.ended === true;
  const input = (): FrameInput => {
    const { version, commandLine } = options;
    return { history, version, commandLine, intervalMs, pausedAt, lastReadMs };
  };
  const changed = () => {
    cached = undefined;
    for (const listener of listeners) listener();
  };

  const sample = async () => {
    const before = newest();
    const idleForMs = before === undefined || lastReadMs === undefined ? 0 : before.elapsedMs - lastReadMs;
    const snapshot = await probes.snapshot(idleForMs);
    if (closed) return;
    history.add(snapshot);
    if (readsSeen(before, snapshot)) lastReadMs = snapshot.elapsedMs;
    if (snapshot.ended) ended.resolve();
    changed();
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
    (runs) => Math.min(firstTicksMs[runs] ?? intervalMs, intervalMs),
  );

  const begin = async () => {
    await probes.arm();
    if (closed) return probes.close();
    await sampleNow();
    ticker.start();
    void probes.readSlowFacts();
  };

  return {
    armed: begin(),
    ended: ended.promise,
    sampleNow,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame() {
      cached ??= makeFrame(input());
      return cached;
    },
    report: () => judgeWhole(input()),
    pause() {
      if (history.added() > 0) pausedAt ??= history.added() - 1;
      changed();
    },
    resume() {
      pausedAt = undefined;
      changed();
    },
    step(samples) {
      if (history.added() === 0) return;
      const oldest = history.added() - history.all().length;
      const shown = pausedAt ?? history.added() - 1;
      pausedAt = Math.min(Math.max(shown + samples, oldest), history.added() - 1);
      changed();
    },
    reset() {
      events.note('reset', 'window and coverage start anew');
      probes.restart();
      pausedAt = undefined;
      changed();
      void sampleNow();
    },
    setIntervalMs(next) {
      intervalMs = next;
      // Before the first snapshot there is no rhythm yet to change.
      if (history.added() > 0 && !isOver()) ticker.start();
      changed();
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

/** Whether the target is known to have read a clock between two snapshots; at the first, nothing is known. */
function readsSeen(before: Snapshot | undefined, after: Snapshot): boolean {
  return before === undefined || readsSoFar(after) > readsSoFar(before);
}

function readsSoFar(snapshot: Snapshot): number {
  const entries = 'value' in snapshot.entries ? snapshot.entries.value.counts : [];
  const fast = 'value' in snapshot.fastReads ? snapshot.fastReads.value.hits : [];
  return [...entries, ...fast].reduce((sum, { count }) => sum + count, 0);
}
