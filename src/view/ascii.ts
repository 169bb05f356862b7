import type { Grid } from './cells.ts';
import { textWidth } from './printable.ts';

/** Every character that vdsotop itself writes outside ASCII, and its stand-in of the same width. */
const standIns: Readonly<Record<string, string>> = {
  '…': '~',
  '≈': '~',
  '–': '-',
  '·': '|',
  '×': 'x',
  µ: 'u',
  '─': '-',
  '│': '|',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '±': '~',
  '≤': '<',
  '≥': '>',
  '●': '*',
};

/** The same text for a terminal or file that holds ASCII only; what has no stand-in becomes '?'. */
export function asciiText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Array.from(text, (character) =>
    character >= ' ' && character <= '~' ? character : (standIns[character] ?? '?'.repeat(textWidth(character))),
  ).join('');
}

/** The same screen for a terminal that shows ASCII only. */
export function asciiGrid(grid: Grid): Grid {
  return grid.map((row) => row.map((cell) => ({ ...cell, text: asciiText(cell.text) })));
}
