import { useMemo, useSyncExternalStore } from 'react';
import type { Frame } from '../model/frame.ts';
import type { LiveSession } from '../model/live-session.ts';
import { pacedFrames } from './paced-frames.ts';

/** The session's frame, followed, and a way to have the newest at once. React keeps nothing of it but what is shown. */
export function useFrame(session: LiveSession, everyFrame: boolean): readonly [Frame | undefined, refresh: () => void] {
  const frames = useMemo(() => pacedFrames(session, everyFrame), [session, everyFrame]);
  return [useSyncExternalStore(frames.subscribe, frames.frame, frames.frame), frames.refresh];
}
