export type EndingSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const endingSignals: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** timeout(1) and the like send a signal to a process and to its whole group: it comes twice and is meant once. */
const sameMs = 300;

/**
 * Takes the signals that ask to end, where no screen does, until what is returned is called. The second one ends vdsotop
 * at once, as if it were not caught. SIGHUP never does: a terminal that goes says so twice, and servers take it to read
 * their configuration again.
 */
export function catchSignals(
  onSignal: (signal: EndingSignal) => void,
  beforeTheEnd: () => void = () => {},
): () => void {
  const cameMs = new Map<EndingSignal, number>();
  let asked = false;

  const take = (signal: EndingSignal) => {
    const nowMs = performance.now();
    if (nowMs - (cameMs.get(signal) ?? Number.NEGATIVE_INFINITY) < sameMs) return;
    cameMs.set(signal, nowMs);
    if (signal === 'SIGHUP' || !asked) {
      asked ||= signal !== 'SIGHUP';
      return onSignal(signal);
    }
    beforeTheEnd();
    release();
    process.kill(process.pid, signal);
  };

  const handlers = endingSignals.map((signal) => [signal, () => take(signal)] as const);
  const release = () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return release;
}
