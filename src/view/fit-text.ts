import { printable, textWidth } from './printable.ts';

const ellipsis = '…';

/** Text in exactly `width` columns: made printable, cut with an ellipsis where it is too long, padded where it is short. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = cutText(text, width);
  const padding = ' '.repeat(Math.max(width - textWidth(cut), 0));
  return align === 'left' ? cut + padding : padding + cut;
}

/** Text in at most `width` columns, printable, with an ellipsis in the place of what was cut. */
export function cutText(text: string, width: number): string {
  const clean = printable(text);
  if (textWidth(clean) <= width) return clean;
  if (width <= 0) return '';
  let kept = '';
  let used = 0;
  for (const character of clean) {
    const next = used + textWidth(character);
    if (next > width - 1) break;
    kept += character;
    used = next;
  }
  return kept + ellipsis;
}
