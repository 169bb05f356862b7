import type { Frame } from '../../src/model/frame.ts';
import type { LiveSession } from '../../src/model/live-session.ts';
import type { PerfTraceResult } from '../../src/model/perf-trace.ts';

/** A session whose frames the test gives, and which notes down every word said upstream. */
export interface FakeSession extends LiveSession {
  readonly said: readonly string[];
  show(frame: Frame): void;
  allowPerfTrace(allowed: boolean): void;
}

export const traceResult: PerfTraceResult = {
  seconds: 2,
  perfTraceCalls: { clock_gettime: 58_000 },
  exactSeconds: 2.3,
  exactCalls: 60_100,
  before: 100_000,
  during: 30_050,
};

export function fakeSession(first?: Frame): FakeSession {
  const said: string[] = [];
  const listeners = new Set<() => void>();
  let frame = first;
  let allowed = true;
  const show = (next: Frame) => {
    frame = next;
    for (const listener of listeners) listener();
  };
  const change = (changes: Partial<Frame>) => frame && show({ ...frame, ...changes });
  return {
    said,
    show,
    allowPerfTrace(next) {
      allowed = next;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    pause() {
      said.push('pause');
      change({ state: 'paused' });
    },
    resume() {
      said.push('resume');
      change({ state: 'live' });
    },
    step(samples) {
      said.push(`step ${samples}`);
      change({ state: 'paused' });
    },
    jump(seconds) {
      said.push(`jump ${seconds}`);
      change({ state: 'paused' });
    },
    hasEnded: () => frame?.state === 'ended',
    reset: () => said.push('reset'),
    setBaseline: () => said.push('baseline'),
    setIntervalMs(intervalMs) {
      said.push(`interval ${intervalMs}`);
      change({ intervalMs });
    },
    perfTraceAllowed: () => allowed,
    perfTraceWarning: (seconds) => `perf trace for ${seconds} s would cost the target most of its time`,
    async perfTrace(seconds) {
      said.push(`perf trace ${seconds}`);
      return traceResult;
    },
  };
}
