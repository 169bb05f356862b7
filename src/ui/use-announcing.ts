import { useEffect, useRef } from 'react';
import type { Frame } from '../model/frame.ts';

/** Says what vdsotop has done by itself, once; in a replay it was said long ago. */
export function useAnnouncing(frame: Frame | undefined, say: (text: string) => void): void {
  const last =
    frame?.replay === undefined ? frame?.report.events.findLast(({ kind }) => kind === 'trigger') : undefined;
  const told = useRef(last);
  useEffect(() => {
    if (last === undefined || (last.atMs === told.current?.atMs && last.text === told.current.text)) return;
    told.current = last;
    say(last.text);
  });
}
