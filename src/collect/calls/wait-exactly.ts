const nothing = new Int32Array(new SharedArrayBuffer(4));

/** Nobody at a keyboard notices that nothing is answered for so long. */
export const longestWaitMs = 25;

/** Stands still until then, by performance.now(), to some 60 µs; not at all where it were for longer than nobody notices. */
export function waitExactly(untilMs: number): void {
  const leftMs = untilMs - performance.now();
  if (leftMs > 0 && leftMs < longestWaitMs) Atomics.wait(nothing, 0, 0, leftMs);
}
