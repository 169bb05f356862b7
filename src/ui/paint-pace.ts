/** How much longer than usual to wait from one paint to the next. */
export interface PaintPace {
  /** Milliseconds; to be asked at each sample. */
  extraMs(): number;
}

/** A third of what measuring and painting take is painting: where they take more than this it is painted less often … */
const dearCores = 0.02;
/** … and again as often as usual once it would not come to that: from 3 s back to 1.5 s a paint is a fifth more. */
const cheapCores = 0.016;
/** Garbage is collected every few seconds, which no change of pace should follow. */
const periodMs = 10_000;
const stepMs = 500;
/** With the usual 1.5 s that is what top(1) waits by default. */
const mostMs = 1_500;

/** `cpuMs` and `nowMs`: CPU time of this process, and the time, since any moment. */
export function createPaintPace(
  cpuMs: () => number = ownCpuMs,
  nowMs: () => number = () => performance.now(),
): PaintPace {
  let since: { readonly atMs: number; readonly cpuMs: number } | undefined;
  let extraMs = 0;
  return {
    extraMs() {
      const atMs = nowMs();
      since ??= { atMs, cpuMs: cpuMs() };
      const passedMs = atMs - since.atMs;
      if (passedMs < periodMs) return extraMs;
      const now = { atMs, cpuMs: cpuMs() };
      const cores = (now.cpuMs - since.cpuMs) / passedMs;
      since = now;
      if (cores > dearCores) extraMs = Math.min(mostMs, extraMs + stepMs);
      if (cores < cheapCores) extraMs = Math.max(0, extraMs - stepMs);
      return extraMs;
    },
  };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
