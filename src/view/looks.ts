import type { Tone } from './tones.ts';

export type Hue = 'red' | 'green' | 'yellow' | 'magenta' | 'cyan';

export interface Look {
  readonly hue?: Hue;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
}

/**
 * How each tone looks, in a terminal and in a picture of one. The hues are a terminal's own, so that the user's palette
 * and background decide; never black or white, which vanish on one of the two backgrounds.
 */
export const looks: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { bold: true },
  muted: { dim: true },
  title: { bold: true },
  focus: { bold: true, hue: 'cyan' },
  accent: { hue: 'cyan' },
  good: { hue: 'green' },
  warn: { hue: 'yellow' },
  bad: { hue: 'red', bold: true },
  unknown: { hue: 'magenta' },
  badgeGood: { hue: 'green', bold: true, inverse: true },
  badgeWarn: { hue: 'yellow', bold: true, inverse: true },
  badgeBad: { hue: 'red', bold: true, inverse: true },
  badgeUnknown: { bold: true, inverse: true },
};
