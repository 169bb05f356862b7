import type { Frame } from './frame.ts';
import type { PerfTraceResult } from './perf-trace.ts';
import type { Known } from './reading.ts';

/** All the words the screen may say upstream. */
export interface LiveSession {
  /** Calls back whenever `frame()` would answer something new; returns the way to stop. */
  subscribe(onFrame: () => void): () => void;
  /** The frame to show; the same object until it changes. Undefined before the first. */
  frame(): Frame | undefined;
  pause(): void;
  resume(): void;
  /** Whether the target has ended, whatever moment is shown; there is none in a replay. */
  hasEnded(): boolean;
  /** Moves the shown moment by so many samples; pauses first. */
  step(samples: number): void;
  /** Moves the shown moment by so many seconds of what was watched; ±Infinity: to the oldest or newest. Pauses what is live. */
  jump(seconds: number): void;
  /** Starts the window, coverage and series anew. */
  reset(): void;
  setIntervalMs(intervalMs: number): void;
  /** Keeps the last ten seconds of the moment shown, with which every later frame is compared. */
  setBaseline(): void;
  /** Whether the target is calm enough for a perf trace without --force. */
  perfTraceAllowed(): boolean;
  /** Predicted stall of a perf trace of that length, in words, before it is allowed to run. */
  perfTraceWarning(seconds: number): string;
  perfTrace(seconds: number): Promise<Known<PerfTraceResult>>;
}
