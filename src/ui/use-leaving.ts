import { useApp, useStdin, useStdout } from 'ink';
import { useCallback, useEffect, useRef } from 'react';
import type { ExitReason } from './exit-reason.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Leaves the screen, terminal restored, on a signal that asks to end and when the terminal is no longer there: reading
 * it then ends or fails with EIO, writing to it fails with EIO or EPIPE.
 */
export function useLeaving(): (reason: ExitReason) => void {
  const { exit: leave } = useApp();
  const isLeft = useRef(false);
  // Once: giving back a terminal that is gone fails by the very event that says so.
  const exit = useCallback(
    (reason: ExitReason) => {
      if (isLeft.current) return;
      isLeft.current = true;
      leave(reason);
    },
    [leave],
  );
  const { stdin } = useStdin();
  const { stdout } = useStdout();

  useEffect(() => {
    const handlers = signals.map((signal) => [signal, () => exit({ kind: 'signal', signal })] as const);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    return () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
  }, [exit]);

  useEffect(() => {
    const gone = () => exit({ kind: 'terminal-gone' });
    for (const event of ['end', 'close', 'error']) stdin.on(event, gone);
    // Stays: what is still written while leaving fails once more, and must not end in an uncaught error.
    stdout.on('error', gone);
    return () => {
      for (const event of ['end', 'close']) stdin.off(event, gone);
    };
  }, [exit, stdin, stdout]);

  return exit;
}
