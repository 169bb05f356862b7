import { useEffect, useRef } from 'react';
import type { Frame } from '../model/frame.ts';

/** Asks, once, what an option asks for as a key does: as soon as enough was seen to say what it would cost. */
export function useAskingAtStart(wanted: boolean, frame: Frame | undefined, ask: () => void): void {
  const isDone = useRef(!wanted);
  useEffect(() => {
    if (isDone.current || frame === undefined || frame.report.window.seconds === 0) return;
    isDone.current = true;
    ask();
  });
}
