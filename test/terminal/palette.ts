import type { Cell, Colour } from './terminal.ts';

/** Colours of a dark terminal; the sixteen ANSI ones are the user's own, these are only for pictures. */
export const page = { foreground: '#d4d7dd', background: '#16181d' };

const ansi = [
  ...['#3b4048', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4'],
  ...['#7f8794', '#ff7a85', '#b5e890', '#ffd68a', '#7fc1ff', '#dd92f5', '#6fd3df', '#ffffff'],
];

/** What a cell is painted in, inversion done. */
export function coloursOf(cell: Cell): { readonly ink: string; readonly paper: string } {
  const foreground = toHex(cell.foreground) ?? page.foreground;
  const background = toHex(cell.background) ?? page.background;
  return cell.inverse ? { ink: background, paper: foreground } : { ink: foreground, paper: background };
}

/** xterm's 256 colours: 16 of the theme, a cube of 6 × 6 × 6, and 24 greys. */
function toHex(colour: Colour): string | undefined {
  if (colour === 'default') return undefined;
  if (typeof colour === 'string') return colour;
  if (colour < 16) return ansi[colour];
  if (colour >= 232) return hex(Array(3).fill(8 + (colour - 232) * 10));
  const cube = colour - 16;
  return hex(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)),
  );
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
