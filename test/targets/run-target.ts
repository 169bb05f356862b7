import { setTimeout as sleep } from 'node:timers/promises';
import { sum } from '../../src/analysis/statistics.ts';
import type { Report } from '../../src/model/report.ts';
import { runVdsotopAsync } from '../e2e/run-vdsotop.ts';
import type { OwnCounts, Target } from './target.ts';

export interface Run {
  readonly report: Report;
  /** What the program said of itself once it was ended. */
  readonly own: OwnCounts;
  /** Seconds that vdsotop watched longer than the target asks for, because reads to be counted had to wait for it. */
  readonly extraSeconds: number;
}

const watchMs = 2_500;
const goAfterMs = 1_300;
const tries = 3;

/** Of a long watch that tells callers; a host that was stalled meanwhile (seen once in 70) lets it look at next to nothing. */
const enoughSamples = 100;
const longSeconds = 9;

/**
 * Starts the target, lets vdsotop report on it, and ends it; again if reads to be counted began before vdsotop did, or if it
 * could hardly look.
 */
export async function runTarget(target: Target): Promise<Run> {
  for (let tried = 1; ; tried++) {
    const { wentAtMs, ...run } = await runOnce(target, goAfterMs * tried);
    const tooEarly = target.expected.counted !== undefined && wentAtMs < windowStartMs(run.report);
    if ((!tooEarly && !sawTooLittle(target, run.report)) || tried === tries) return run;
  }
}

async function runOnce(target: Target, goMs: number): Promise<Run & { readonly wentAtMs: number }> {
  const running = await target.start();
  const extraMs = goMs - goAfterMs;
  let own: OwnCounts = {};
  let wentAtMs = Number.POSITIVE_INFINITY;
  let outcome: Awaited<ReturnType<typeof runVdsotopAsync>>;
  try {
    const duration = `${(target.watchMs ?? watchMs) + extraMs}ms`;
    const options = ['--json', '--duration', duration, ...(target.options ?? [])];
    const watching = runVdsotopAsync(['report', '-p', String(running.pid), ...options]);
    if (running.go !== undefined) {
      await sleep(goMs);
      running.go();
      wentAtMs = Date.now();
    }
    outcome = await watching;
  } finally {
    own = await running.end();
  }
  if (outcome.status !== 0) throw new Error(`vdsotop ended with ${outcome.status}: ${outcome.error}`);
  return { report: JSON.parse(outcome.output), own, extraSeconds: extraMs / 1_000, wentAtMs };
}

function sawTooLittle({ expected: { callers = [] } }: Target, { window, callSites }: Report): boolean {
  if (window.seconds < longSeconds || 'unavailable' in callSites) return false;
  return callers.some(({ side, clock }) => {
    const sites = callSites.filter((site) => site.side === side && site.clock === clock);
    return sum(sites.map(({ samples }) => samples)) < enoughSamples;
  });
}

function windowStartMs({ at, window }: Report): number {
  return Date.parse(at) - window.seconds * 1_000;
}
