import { useMemo, useSyncExternalStore } from 'react';
import type { Frame, LiveSession } from '../model.ts';

/** The session's frame, followed. React keeps nothing of it but what is on the screen. */
export function useFrame(session: LiveSession): Frame | undefined {
  const store = useMemo(
    () => ({ subscribe: (onFrame: () => void) => session.subscribe(onFrame), frame: () => session.frame() }),
    [session],
  );
  return useSyncExternalStore(store.subscribe, store.frame, store.frame);
}
