import { printable, textWidth } from './printable.ts';

const ellipsis = '…';
/** Part of the room that the beginning keeps; the end of a symbol or path names it, so that keeps the rest. */
const headPart = 0.2;

/** Text in at most `width` columns, printable, cut in its middle: a symbol keeps its function, a path its file. */
export function cutMiddle(text: string, width: number): string {
  const clean = printable(text);
  if (textWidth(clean) <= width) return clean;
  if (width <= 1) return width === 1 ? ellipsis : '';
  const characters = Array.from(clean);
  const head = taken(characters, Math.floor((width - 1) * headPart));
  const tail = taken(characters.toReversed(), width - 1 - textWidth(head.join('')));
  return head.join('') + ellipsis + tail.toReversed().join('');
}

/** As many characters from the beginning as fit into `width` columns. */
function taken(characters: readonly string[], width: number): readonly string[] {
  let left = width;
  const most = characters.findIndex((character) => {
    left -= textWidth(character);
    return left < 0;
  });
  return most < 0 ? characters : characters.slice(0, most);
}
