import { useApp } from 'ink';
import { useEffect, useMemo } from 'react';

/** A stop takes effect at once; who still runs after this long was not stopped. */
const stopWithinMs = 100;

interface Suspending {
  /** Gives the terminal back to the shell and stops; comes back with SIGCONT. */
  readonly suspend: () => void;
  /** Draws the whole screen anew. */
  readonly redraw: () => void;
}

/**
 * Ctrl-Z and fg. Raw mode swallows the key, so the terminal is restored by hand and SIGTSTP raised with its default
 * action. Where no shell waits (a session of its own, as under `docker exec`), the kernel discards that signal
 * (POSIX, orphaned process groups), and the screen comes back instead of a dead terminal. Only this process stops.
 */
export function useSuspending(): Suspending {
  const { suspendTerminal } = useApp();
  const suspending = useMemo(() => makeSuspending(suspendTerminal), [suspendTerminal]);

  useEffect(() => {
    process.on('SIGTSTP', suspending.suspend);
    process.on('SIGCONT', suspending.comeBack);
    return () => {
      process.off('SIGTSTP', suspending.suspend);
      process.off('SIGCONT', suspending.comeBack);
    };
  }, [suspending]);

  return suspending;
}

function makeSuspending(suspendTerminal: ReturnType<typeof useApp>['suspendTerminal']) {
  let resume: (() => Promise<void>) | undefined;
  let busy = false;
  let notStopped: NodeJS.Timeout | undefined;

  const suspend = async () => {
    if (busy) return;
    busy = true;
    resume = (await suspendTerminal()).resume;
    process.off('SIGTSTP', suspend);
    process.kill(process.pid, 'SIGTSTP');
    notStopped = setTimeout(comeBack, stopWithinMs);
  };

  const comeBack = async () => {
    const wake = resume;
    clearTimeout(notStopped);
    // SIGCONT after a stop that was not ours: another program may have painted over the screen and left raw mode.
    if (wake === undefined) return redraw();
    resume = undefined;
    process.on('SIGTSTP', suspend);
    await wake();
    busy = false;
  };

  const redraw = async () => {
    if (busy) return;
    busy = true;
    await (await suspendTerminal()).resume();
    busy = false;
  };

  return { suspend, comeBack, redraw };
}
