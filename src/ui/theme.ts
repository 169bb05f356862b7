import type { TextProps } from 'ink';
import type { Tone } from '../view/tones.ts';

type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/**
 * How each tone looks: the terminal's own 16 colours, so that the user's palette and background decide, and never
 * black or white, which vanish on one of the two backgrounds.
 */
export const theme: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  muted: { dimColor: true },
  title: { bold: true },
  focus: { bold: true, color: 'cyan' },
  accent: { color: 'cyan' },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red', bold: true },
  unknown: { color: 'magenta' },
  badgeGood: { color: 'green', bold: true, inverse: true },
  badgeWarn: { color: 'yellow', bold: true, inverse: true },
  badgeBad: { color: 'red', bold: true, inverse: true },
  badgeUnknown: { bold: true, inverse: true },
};
