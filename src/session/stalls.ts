import { readOwnRunDelay } from '../collect/process/own-run-delay.ts';

/** Notices when samples did not come. */
export interface Stalls {
  /** To be called when a sample begins. A sentence where it is far too late. */
  check(nowMs: number, intervalMs: number): string | undefined;
  /** The rhythm is another from now on. */
  restart(): void;
}

/** Later than this a sample is missed by everybody who looks at a curve. */
const leastLateMs = 2_000;

/**
 * A machine that stood still, a migration, a stopped or starved vdsotop all look the same from inside: samples do not come.
 * The kernel tells how long we waited for a CPU; what is beyond that cannot be told and is not guessed.
 */
export function createStalls(runDelayNs: () => number | undefined = readOwnRunDelay): Stalls {
  let before: { readonly atMs: number; readonly delayNs: number | undefined } | undefined;
  return {
    check(nowMs, intervalMs) {
      const now = { atMs: nowMs, delayNs: runDelayNs() };
      const last = before;
      before = now;
      if (last === undefined) return undefined;
      const lateMs = nowMs - last.atMs - intervalMs;
      if (lateMs < Math.max(leastLateMs, 2 * intervalMs)) return undefined;
      const waited =
        now.delayNs === undefined || last.delayNs === undefined
          ? 'how long vdsotop waited for a CPU is not known'
          : `vdsotop waited ${inSeconds((now.delayNs - last.delayNs) / 1e6)} of it for a CPU`;
      return `no sample for ${inSeconds(nowMs - last.atMs)}: ${waited}; it may also have been stopped, or the machine stood still`;
    },
    restart() {
      before = undefined;
    },
  };
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
