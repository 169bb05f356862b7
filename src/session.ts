import { diagnose } from './analysis/diagnose.ts';
import { makeSeries } from './analysis/series.ts';
import { makeWindow } from './analysis/window.ts';
import type { Frame, LiveSession, LiveState, Report, Snapshot } from './model.ts';
import { createEventLog } from './session/event-log.ts';
import { createHistory } from './session/history.ts';
import { measurePerfTrace, perfTraceSafeRate, perfTraceStall, tracedRate } from './session/perf-trace-beside.ts';
import { createProbes, type ProbeOptions } from './session/probes.ts';

/** A live window is judged over its last ten seconds, so that a cause that has ended leaves the screen. */
const liveWindowMs = 10_000;
const seriesMs = 60_000;
/** Until this much has been watched there is something on the screen but no verdict in it. */
const measuringMs = 900;
/** The first samples come faster than the interval: a verdict within a second and a half is worth two extra. */
const firstTicksMs = [100, 300, 500] as const;

export interface SessionOptions extends ProbeOptions {
  readonly intervalMs: number;
  readonly version: string;
}

export interface Session extends LiveSession {
  /** Settles when the paths are priced, the counters armed and the first snapshot taken. */
  readonly armed: Promise<void>;
  /** Settles when the target has ended and its last counts are read. */
  readonly ended: Promise<void>;
  /** The judgement of everything since attach, exec or reset. */
  report(): Report;
  /** Takes a snapshot now, outside the rhythm. */
  sampleNow(): Promise<void>;
  close(): void;
}

/** Attaches to a process and watches it until closed. Never throws for what it cannot see: that is in the Report. */
export function startSession(options: SessionOptions): Session {
  const events = createEventLog();
  const history = createHistory();
  const probes = createProbes(options, events, () => history.restart('next'));
  const listeners = new Set<() => void>();
  const ended = Promise.withResolvers<void>();
  let intervalMs = options.intervalMs;
  let pausedAt: number | undefined;
  let cached: Frame | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ticks = 0;
  let closed = false;
  let idleSinceMs: number | undefined;
  let sampling: Promise<void> | undefined;

  const changed = () => {
    cached = undefined;
    for (const listener of listeners) listener();
  };

  const idleForMs = () => {
    const last = history.all().at(-1);
    return last === undefined || idleSinceMs === undefined ? 0 : last.elapsedMs - idleSinceMs;
  };

  const sample = async () => {
    const before = history.all().at(-1);
    const snapshot = await probes.snapshot(idleForMs());
    if (closed) return;
    history.add(snapshot);
    idleSinceMs = readsSeen(before, snapshot) ? snapshot.elapsedMs : (idleSinceMs ?? snapshot.elapsedMs);
    if (snapshot.ended) ended.resolve();
    changed();
  };

  const sampleNow = () => {
    sampling ??= sample().finally(() => {
      sampling = undefined;
    });
    return sampling;
  };

  const schedule = () => {
    if (closed || history.all().at(-1)?.ended === true) return;
    timer = setTimeout(
      async () => {
        ticks += 1;
        await sampleNow();
        schedule();
      },
      Math.min(firstTicksMs[ticks] ?? intervalMs, intervalMs),
    );
  };

  const begin = async () => {
    await probes.arm();
    await sampleNow();
    schedule();
    void probes.readSlowFacts();
  };

  const shownIndex = () => pausedAt ?? history.added() - 1;

  const shown = (): readonly Snapshot[] => {
    const dropped = history.added() - history.all().length;
    return history.all().slice(0, shownIndex() - dropped + 1);
  };

  const judge = (snapshots: readonly Snapshot[], sinceMs?: number): Report =>
    diagnose(makeWindow(snapshots, probes.unwatched(), sinceMs), { version: options.version });

  const stateOf = (last: Snapshot, watchedMs: number): LiveState => {
    if (pausedAt !== undefined) return 'paused';
    if (last.ended) return 'ended';
    return watchedMs < measuringMs ? 'measuring' : 'live';
  };

  const makeFrame = (): Frame | undefined => {
    const past = shown();
    const last = past.at(-1);
    const newest = history.all().at(-1);
    if (last === undefined || newest === undefined) return undefined;
    const since = history.sinceRestart()[0] ?? last;
    const judged = past.filter(
      (snapshot) => snapshot.elapsedMs >= Math.max(since.elapsedMs, last.elapsedMs - liveWindowMs),
    );
    const report = judge(judged.length > 0 ? judged : [last], since.elapsedMs);
    return {
      state: stateOf(last, last.elapsedMs - since.elapsedMs),
      behindSeconds: (newest.elapsedMs - last.elapsedMs) / 1_000,
      intervalMs,
      report,
      series: makeSeries(past.filter((snapshot) => snapshot.elapsedMs >= last.elapsedMs - seriesMs)),
      idleSeconds: canSeeReads(last) && idleSinceMs !== undefined ? (last.elapsedMs - idleSinceMs) / 1_000 : undefined,
    };
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
      cached ??= makeFrame();
      return cached;
    },
    report: () => judge(history.sinceRestart()),
    pause() {
      pausedAt ??= history.added() - 1;
      changed();
    },
    resume() {
      pausedAt = undefined;
      changed();
    },
    step(samples) {
      const oldest = history.added() - history.all().length;
      pausedAt = Math.min(Math.max(shownIndex() + samples, oldest), history.added() - 1);
      changed();
    },
    reset() {
      events.note('reset', 'window and coverage start anew');
      history.restart('latest');
      pausedAt = undefined;
      void sampleNow();
    },
    setIntervalMs(next) {
      intervalMs = next;
      clearTimeout(timer);
      schedule();
      changed();
    },
    perfTraceAllowed: () => (tracedRate(history.all()) ?? Number.POSITIVE_INFINITY) <= perfTraceSafeRate,
    perfTraceWarning: (seconds) => perfTraceStall(history.all(), seconds),
    perfTrace: (seconds) => measurePerfTrace(options.pid, seconds, sampleNow, () => history.all()),
    close() {
      closed = true;
      clearTimeout(timer);
      probes.close();
    },
  };
}

/** Whether the target is known to have read a clock between two snapshots. */
function readsSeen(before: Snapshot | undefined, after: Snapshot): boolean {
  return before === undefined || readsSoFar(after) > readsSoFar(before);
}

function readsSoFar(snapshot: Snapshot): number {
  const entries = 'value' in snapshot.entries ? snapshot.entries.value.counts : [];
  const fast = 'value' in snapshot.fastReads ? snapshot.fastReads.value.hits : [];
  return [...entries, ...fast].reduce((sum, { count }) => sum + count, 0);
}

function canSeeReads(snapshot: Snapshot): boolean {
  return 'value' in snapshot.entries && 'value' in snapshot.fastReads;
}
