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
export function hostWords({ hostSlowdown }: Pick<Difference, 'hostSlowdown'>): string {
  if (isUnavailable(hostSlowdown)) return `its own speed is not known: ${hostSlowdown.detail}`;
  return `what reads no clock changed by ${ratioWords({ ratio: hostSlowdown })}; that is taken out of the changes of prices`;
}
