import chalk, { type ChalkInstance } from 'chalk';
import { type Look, looks } from '../view/looks.ts';
import type { Tone } from '../view/tones.ts';

/** Gives text the look of a tone, in as many colours as the terminal has: in none, it stays as it is. */
type Paint = (text: string) => string;

/** The looks of view/looks.ts in escape sequences. */
export const theme = Object.fromEntries(Object.entries(looks).map(([tone, look]) => [tone, painter(look)])) as Readonly<
  Record<Tone, Paint>
>;

function painter({ hue, bold, dim, inverse }: Look): Paint {
  const styles = [dim && 'dim', hue, bold && 'bold', inverse && 'inverse'] as const;
  return styles.reduce<ChalkInstance>((paint, style) => (style ? paint[style] : paint), chalk);
}
