const nothing = new Int32Array(new SharedArrayBuffer(4));

/** Timers come up to a millisecond late: this much earlier, they leave the rest to be waited for. */
export const timerLateMs = 1;

/** Stands still until then, by performance.now(): for less than two milliseconds, to some 60 µs. */
export function waitExactly(untilMs: number): void {
  const leftMs = untilMs - performance.now();
  if (leftMs > 0 && leftMs < 2 * timerLateMs) Atomics.wait(nothing, 0, 0, leftMs);
}
