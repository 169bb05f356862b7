import { useInput, useWindowSize } from 'ink';
import { useEffect, useRef, useState } from 'react';
import type { LiveSession } from '../model/live-session.ts';
import type { Drawing } from '../view/drawing.ts';
import type { GlossaryEntry } from '../view/help.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import { buildScreen } from '../view/screen.ts';
import type { ScreenFacts } from '../view/screen-state.ts';
import { waitingGrid } from '../view/waiting.ts';
import { keyNames } from './key-name.ts';
import { Painted } from './Painted.tsx';
import { useControls } from './use-controls.ts';
import { useFrame } from './use-frame.ts';
import { useLeaving } from './use-leaving.ts';
import { useSuspending } from './use-suspending.ts';

export interface AppProps {
  readonly session: LiveSession;
  /** What keys do outside the screen; without it they say that it is not possible. */
  readonly outlets: ScreenOutlets | undefined;
  readonly drawing: Drawing;
  readonly glossary: readonly GlossaryEntry[];
  readonly perfTraceSeconds: number;
  readonly perfTraceAsked: boolean;
  readonly perfTraceForced: boolean;
  /** Paints every frame of the session instead of as many as an eye can follow. */
  readonly everyFrame: boolean;
}

const nothingShown: ScreenFacts = { clockKeys: [], selected: undefined, panels: [], scrollMost: {} };

/** The live screen: what the session measured, looked at as the keys say. */
export function App({ session, outlets, drawing, glossary, everyFrame, ...perfTrace }: AppProps) {
  const { columns, rows } = useWindowSize();
  const [frame, refresh] = useFrame(session, everyFrame);
  const waited = useElapsedSeconds(frame === undefined);
  const leave = useLeaving();
  const { suspend, redraw } = useSuspending();
  const controls = useControls({ session, outlets, glossary, ...perfTrace, leave, suspend, redraw });
  const { state, toast, trace, press } = controls;
  const shown = useRef(nothingShown);
  useInput((input, key) => {
    for (const name of keyNames(input, key)) press(name, shown.current);
    refresh();
  });
  if (frame === undefined) return <Painted grid={waitingGrid(waited, columns, rows)} />;
  const recording = outlets?.recording();
  const screen = buildScreen({ frame, state, columns, rows, drawing, glossary, toast, trace, recording });
  shown.current = screen.facts;
  return <Painted grid={screen.grid} />;
}

/** Seconds since the first call, ticking as long as it is wanted. */
function useElapsedSeconds(wanted: boolean): number {
  const [start] = useState(() => performance.now());
  const [now, setNow] = useState(start);
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [wanted]);
  return (now - start) / 1_000;
}
