import type { ClockSummary } from '../model/clocks.ts';
import type { FindingVerdict } from '../model/findings.ts';
import type { Report } from '../model/report.ts';

/**
 * What a piece of text means, never which colour it has. Colour only repeats what a word or mark beside it says, so
 * that a screen without colour, or an eye that does not tell red from green, loses nothing.
 */
export type Tone =
  | 'plain'
  | 'strong'
  | 'muted'
  | 'title'
  | 'focus'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'unknown'
  | 'badgeGood'
  | 'badgeWarn'
  | 'badgeBad'
  | 'badgeUnknown';

/** A status as it is shown: its tone, its word, and a one-column mark for where a word does not fit. */
export interface Status {
  readonly tone: Tone;
  readonly badge: Tone;
  readonly word: string;
  readonly mark: string;
  readonly meaning: string;
}

/** 'few' is the 'fast' of a clock whose reads enter the kernel, but too seldom to matter: none of them was seen fast. */
export const clockStatuses: Readonly<Record<ClockSummary['verdict'] | 'few', Status>> = {
  slow: { tone: 'bad', badge: 'badgeBad', word: 'SLOW', mark: '!', meaning: 'reads enter the kernel' },
  fast: {
    tone: 'good',
    badge: 'badgeGood',
    word: 'fast',
    mark: '+',
    meaning: 'read in user space, too few kernel entries to matter',
  },
  few: {
    tone: 'good',
    badge: 'badgeGood',
    word: 'few',
    mark: '.',
    meaning: 'reads enter the kernel, too few to matter',
  },
  idle: { tone: 'muted', badge: 'badgeUnknown', word: 'idle', mark: '-', meaning: 'no read was seen' },
  unknown: { tone: 'unknown', badge: 'badgeWarn', word: '?', mark: '?', meaning: 'not seen, or not surely' },
};

/**
 * The verdict on the whole target; 'idle' is the unknown of a target that was seen to read no clock, and 'hot' the fast of
 * one whose reads cost for being so many: who is told OK looks elsewhere.
 */
export const reportStatuses: Readonly<Record<Report['verdict'] | 'hot' | 'idle' | 'measuring', Status>> = {
  slow: {
    tone: 'bad',
    badge: 'badgeBad',
    word: 'SLOW',
    mark: '!',
    meaning: 'clock reads miss the fast path, at a cost',
  },
  fast: { tone: 'good', badge: 'badgeGood', word: 'OK', mark: '+', meaning: 'reads are fast, or too few to matter' },
  hot: {
    tone: 'warn',
    badge: 'badgeWarn',
    word: 'HOT',
    mark: '!',
    meaning: 'reads stay in user space, and are so many that they cost',
  },
  idle: { tone: 'muted', badge: 'badgeUnknown', word: 'IDLE', mark: '-', meaning: 'no clock read was seen' },
  unknown: { tone: 'unknown', badge: 'badgeWarn', word: 'UNKNOWN', mark: '?', meaning: 'clock reads cannot be seen' },
  measuring: { tone: 'muted', badge: 'badgeUnknown', word: 'WAIT', mark: '-', meaning: 'no verdict yet' },
};

export const findingStatuses: Readonly<Record<FindingVerdict, Status>> = {
  confirmed: { tone: 'bad', badge: 'badgeBad', word: 'CONFIRMED', mark: '!', meaning: 'decisive evidence for it' },
  likely: { tone: 'warn', badge: 'badgeWarn', word: 'LIKELY', mark: '!', meaning: 'strong evidence for it' },
  possible: { tone: 'warn', badge: 'badgeWarn', word: 'POSSIBLE', mark: '?', meaning: 'some evidence for it' },
  unknown: {
    tone: 'unknown',
    badge: 'badgeUnknown',
    word: 'UNKNOWN',
    mark: '?',
    meaning: 'not enough evidence either way',
  },
  'ruled-out': { tone: 'muted', badge: 'badgeGood', word: 'RULED OUT', mark: '-', meaning: 'evidence against it' },
};

/** The status of a clock in the table. */
export function clockStatus({ verdict, path }: Pick<ClockSummary, 'verdict' | 'path'>): Status {
  const isRead = path === 'vdso' || path === 'mixed';
  return clockStatuses[verdict === 'fast' && !isRead ? 'few' : verdict];
}

/** The status of a report as a whole. */
export function reportStatus(report: Report): Status {
  if (report.verdict === 'unknown' && report.idle) return reportStatuses.idle;
  const isHot = report.findings.some(({ id, verdict }) => id === 'fast-but-hot' && verdict === 'confirmed');
  return reportStatuses[report.verdict === 'fast' && isHot ? 'hot' : report.verdict];
}
