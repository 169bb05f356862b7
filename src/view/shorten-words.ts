import { cutMiddle } from './cut-middle.ts';
import { printable, textWidth } from './printable.ts';

/** The text with every word longer than `most` columns cut in its middle, so that a symbol takes one line and not five. */
export function shortenWords(text: string, most: number): string {
  return printable(text)
    .split(' ')
    .map((word) => (textWidth(word) > most ? cutMiddle(word, most) : word))
    .join(' ');
}
