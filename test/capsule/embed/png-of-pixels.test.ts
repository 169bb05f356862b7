import { Resvg } from '@resvg/resvg-js';
import { PNG } from 'pngjs';
import { expect, it } from 'vitest';
import { pngOfPixels } from '../../../src/capsule/embed/png-of-pixels.ts';

it.each([37, 128, 200])(
  'a PNG of %i rows holds the pixels that resvg draws, as resvg itself writes them',
  async (height) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="61" height="${height}">
    <rect width="61" height="${height}" rx="9" fill="#ff8040"/><circle cx="30" cy="18" r="7.3" fill="#123456"/></svg>`;
    const image = new Resvg(svg, { logLevel: 'off' }).render();
    const theirs = PNG.sync.read(image.asPng());
    const own = PNG.sync.read(await pngOfPixels(image));
    expect([own.width, own.height]).toEqual([61, height]);
    // Round corners are what is neither opaque nor clear.
    expect(own.data.filter((value, at) => at % 4 === 3 && value > 0 && value < 255).length).toBeGreaterThan(20);
    // What was multiplied by a small opacity comes back with an error of a step.
    expect([...own.data.filter((value, at) => Math.abs(value - (theirs.data[at] ?? 0)) > 1)]).toEqual([]);
  },
);
