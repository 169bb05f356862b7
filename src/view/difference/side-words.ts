import type { Difference, DifferenceSide } from '../../model/difference.ts';
import { formatKnown, formatSeconds, isUnavailable } from '../format.ts';
import { processName } from '../process-name.ts';
import { reportStatuses } from '../tones.ts';
import { ratioWords } from './change-words.ts';

/** 'before.json: server (pid 4711), 10 s until 2026-11-23T03:12:44Z, SLOW' */
export function sideWords({ label, comm, pid, seconds, at, verdict }: DifferenceSide): string {
  const until = `${formatSeconds(seconds)} until ${at.slice(0, 19)}Z`;
  return `${label}: ${formatKnown(comm, processName)} (pid ${pid}), ${until}, ${reportStatuses[verdict].word}`;
}

/** What the host itself did to prices, and that it was taken out of them. */
export function hostWords({
  hostSlowdown: first,
  hostSlowdownWatched: since,
}: Pick<Difference, 'hostSlowdown' | 'hostSlowdownWatched'>): string {
  if (isUnavailable(first)) return `its own speed is not known: ${first.detail}`;
  const changed = `what reads no clock changed by ${ratioWords({ ratio: first })}`;
  if (since === undefined || isUnavailable(since)) return `${changed}; that is taken out of the changes of prices`;
  return `${changed} before the counters were armed, and by ${ratioWords({ ratio: since })} since; each is taken out of the changes of what was timed then`;
}
