import type { TextProps } from 'ink';
import { looks } from '../view/looks.ts';
import type { Tone } from '../view/tones.ts';

type InkLook = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/** The looks of view/looks.ts in Ink's words. */
export const theme = Object.fromEntries(
  Object.entries(looks).map(([tone, { hue, dim, ...rest }]) => [
    tone,
    { ...rest, ...(hue === undefined ? {} : { color: hue }), ...(dim === undefined ? {} : { dimColor: dim }) },
  ]),
) as Readonly<Record<Tone, InkLook>>;
