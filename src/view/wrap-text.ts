import { printable, textWidth } from './printable.ts';

/** Text broken into lines of at most `width` columns, at spaces where it can be and inside words where it must. */
export function wrapText(text: string, width: number): readonly string[] {
  const room = Math.max(width, 2);
  const lines: string[] = [];
  let line = '';
  for (const word of words(text)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = chop(word, room);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** A number and its unit are one word: '3.1' at the end of a line and '%' on the next would be read as two things. */
function words(text: string): readonly string[] {
  return printable(text)
    .replace(/(\d) (?=(?:%|[nµm]?s|[kMGT](?:\/s)?|[KMG]iB)(?![\w/]))/g, '$1\u00a0')
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('\u00a0', ' '));
}

/** A word in pieces that fit: paths and commands are longer than a narrow screen. */
function chop(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (textWidth(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
