/** Spending is looked at over the last so many seconds: breakpoints look once in two or three. */
const newestMs = 10_000;
/** Less than this tells nothing. */
const leastMs = 5_000;

/**
 * What is left of a share of one core of which this much was spent so far, nanoseconds, in the last ten seconds; 0 until that
 * is known. To be asked about once a second.
 */
export function createUnspentShare(share: number, spentNs: () => number): (nowMs?: number) => number {
  let looks: readonly { readonly atMs: number; readonly spent: number }[] = [];
  return (nowMs = performance.now()) => {
    const now = { atMs: nowMs, spent: spentNs() };
    looks = [...looks.filter(({ atMs }) => nowMs - atMs <= newestMs), now];
    const since = looks[0] ?? now;
    const ms = now.atMs - since.atMs;
    return ms < leastMs ? 0 : Math.min(share, Math.max(0, share - (now.spent - since.spent) / (ms * 1e6)));
  };
}
