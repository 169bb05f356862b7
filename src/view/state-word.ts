import type { Frame, ReplayMoment } from '../model/frame.ts';
import { type Cell, cell } from './cells.ts';
import { formatSeconds } from './format.ts';

/** LIVE, PAUSED with how far behind, ENDED with how far before that, or how long it has measured so far; of a replay, where in it. */
export function stateWord(frame: Frame): Cell {
  const { state, behindSeconds, hasEnded, report, replay } = frame;
  if (replay !== undefined) return replayWord(frame, replay);
  const words: Readonly<Record<Frame['state'], Cell>> = {
    measuring: { text: `measuring ${formatSeconds(report.coverage.watchedSeconds)}`, tone: 'muted' },
    live: { text: 'LIVE', tone: 'good' },
    paused: hasEnded
      ? { text: `ENDED −${formatBefore(behindSeconds)}`, tone: 'badgeBad' }
      : { text: `PAUSED +${Math.round(behindSeconds)}s`, tone: 'badgeWarn' },
    ended: { text: 'ENDED', tone: 'badgeBad' },
  };
  return words[state];
}

function formatBefore(seconds: number): string {
  return `${seconds < 0.95 ? seconds.toFixed(1) : Math.round(seconds)}s`;
}

function replayWord({ state }: Frame, { atSeconds, ofSeconds }: ReplayMoment): Cell {
  const word = state === 'paused' ? 'REPLAY PAUSED' : 'REPLAY';
  return cell(` ${word} ${formatSeconds(atSeconds)} of ${formatSeconds(ofSeconds)} `, 'badgeUnknown');
}
