import type { PictureTheme } from '../../src/capsule/picture/picture-theme.ts';
import type { Cell, Colour } from './terminal.ts';

/** What a cell is painted in, inversion done; `paper` only where it is not the page. */
export function coloursOf(cell: Cell, theme: PictureTheme): { readonly ink: string; readonly paper?: string } {
  const plain = cell.dim ? theme.dim : theme.foreground;
  const foreground = toHex(cell.foreground, theme) ?? plain;
  const background = toHex(cell.background, theme);
  if (cell.inverse) return { ink: background ?? theme.background, paper: foreground };
  return background === undefined ? { ink: foreground } : { ink: foreground, paper: background };
}

/** xterm's 256 colours: 16 of the theme, a cube of 6 × 6 × 6, and 24 greys. */
function toHex(colour: Colour, { background, foreground, dim, hues }: PictureTheme): string | undefined {
  if (colour === 'default') return undefined;
  if (typeof colour === 'string') return colour;
  // A picture has no lighter variant of a hue, and no use for a blue.
  const { red, green, yellow, magenta, cyan } = hues;
  if (colour < 16)
    return [colour < 8 ? background : dim, red, green, yellow, cyan, magenta, cyan, foreground][colour % 8];
  if (colour >= 232) return hex(Array(3).fill(8 + (colour - 232) * 10));
  const cube = colour - 16;
  return hex(
    [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map((step) => (step === 0 ? 0 : 55 + step * 40)),
  );
}

function hex(channels: readonly number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
