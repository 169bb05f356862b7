import { expect, it } from 'vitest';
import { paintGrid } from '../../../src/capsule/picture/paint-grid.ts';
import { pictureThemes } from '../../../src/capsule/picture/picture-theme.ts';
import { looks } from '../../../src/view/looks.ts';
import type { Tone } from '../../../src/view/tones.ts';

const tones = Object.keys(looks) as Tone[];

it.each(['dark', 'light'] as const)('%s: every tone stands out from what is behind it, 4.5 to 1 or more', (name) => {
  const theme = pictureThemes[name];
  const [row = []] = paintGrid([tones.map((tone) => ({ text: tone, tone }))], theme);
  const faint = row.filter(({ ink, paper = theme.background }) => contrast(ink, paper) < 4.5);
  expect(row).toHaveLength(tones.length);
  expect(faint).toEqual([]);
});

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
