const nothing = new Int32Array(new SharedArrayBuffer(4));

/** Nobody at a keyboard notices that nothing is answered for so long. */
export const longestWaitMs = 25;
const stepMs = 1;

/**
 * Stands still until then, by performance.now(), to some 60 µs; not at all where it were for longer than nobody notices. Every
 * millisecond `each` is called.
 */
export function waitExactly(untilMs: number, each: () => void): void {
  let leftMs = untilMs - performance.now();
  if (leftMs >= longestWaitMs) return;
  while (leftMs > 0) {
    Atomics.wait(nothing, 0, 0, Math.min(leftMs, stepMs));
    leftMs = untilMs - performance.now();
    if (leftMs > 0) each();
  }
}
