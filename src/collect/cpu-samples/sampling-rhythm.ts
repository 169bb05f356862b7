import type { Pace } from './cpu-sample-pace.ts';

/** What is to be sampled in a rhythm. */
export interface Paced {
  /** Asked once a second: what the threads did decides how they are sampled next. */
  nextPace(): Pace;
  /** Of now; 0 before the first. */
  periodNs(): number;
  /** From now on it is sampled, or not; with a new period where one is given. */
  run(on: boolean, newPeriodNs?: number): void;
}

/** In which stretches of each second samplers run, and when they are given a new period. */
export interface SamplingRhythm {
  start(): void;
  stop(): void;
}

const tickMs = 1_000;
/** Less than this is not timed well enough by us to be a stretch. */
const shortestStretchMs = 5;
/**
 * A new period makes each thread begin a whole one anew, and one that runs little may never end it: it is set only where
 * it has changed by more than this, and now and then, lest it beat with what the target does.
 */
const worthAPeriod = 0.4;
const ticksOfAPeriod = 16;
const jitter = 0.1;

export function createSamplingRhythm(paced: Paced): SamplingRhythm {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let ticks = 0;

  const later = (run: () => void, ms: number) => {
    if (!stopped) timer = setTimeout(run, ms).unref();
  };
  const newPeriodOf = (wantedNs: number) => {
    const periodNs = paced.periodNs();
    const isDue = periodNs === 0 || ticks % ticksOfAPeriod === 0;
    if (!isDue && Math.abs(wantedNs / periodNs - 1) <= worthAPeriod) return undefined;
    return wantedNs * (1 + jitter * (2 * Math.random() - 1));
  };
  const tick = () => {
    ticks += 1;
    const { periodNs, onShare } = paced.nextPace();
    const newPeriodNs = newPeriodOf(periodNs);
    if (onShare < 1) return runInPart(onShare, newPeriodNs);
    paced.run(true, newPeriodNs);
    later(tick, tickMs);
  };
  /** In a stretch somewhere within the second; where it would be too short, in some seconds only. */
  const runInPart = (onShare: number, newPeriodNs: number | undefined) => {
    const wantedMs = onShare * tickMs;
    const stretchMs = Math.max(wantedMs, shortestStretchMs);
    const skipped = Math.random() > wantedMs / stretchMs;
    const waitMs = Math.random() * (tickMs - stretchMs);
    paced.run(false);
    later(() => {
      if (!skipped) paced.run(true, newPeriodNs);
      later(() => {
        paced.run(false);
        later(tick, tickMs - waitMs - stretchMs);
      }, stretchMs);
    }, waitMs);
  };

  return {
    start: tick,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
