import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { drawSvg } from '../../src/capsule/picture/draw-svg.ts';
import { makePicture } from '../../src/capsule/picture/make-picture.ts';
import { renderPng } from '../../src/capsule/render-png.ts';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { initialState } from '../../src/view/screen-state.ts';
import { buildStill } from '../../src/view/still.ts';
import { frames } from '../ui/frames.ts';
import { drawInChromium, whyNoChromium } from './picture/chromium.ts';

const background = '#16181d';
const draw = async (text: string, bold = false) => {
  const rows = [[{ text, ink: '#ffffff', bold }]];
  const svg = drawSvg({ columns: text.length, rows, background, title: '', description: '' });
  return PNG.sync.read(Buffer.from(await renderPng(svg)));
};

/** Pixels brighter than the page. */
const inked = ({ data }: PNG) => data.filter((value, at) => at % 4 === 0 && value > 0x60).length;

function crop(png: PNG, left: number, width: number): PNG {
  const part = new PNG({ width, height: png.height });
  PNG.bitblt(png, part, left, 0, width, png.height, 0, 0);
  return part;
}

describe('a PNG', () => {
  it('shows its text: in no font that the machine has or lacks', async () => {
    const [blank, regular, bold] = [await draw('    '), await draw('MWM#'), await draw('MWM#', true)];
    expect(inked(blank)).toBe(0);
    expect(inked(regular)).toBeGreaterThan(400);
    expect(inked(bold)).toBeGreaterThan(inked(regular) * 1.15);
  });

  it('shows every sign that vdsotop writes, and a box for a letter that its font has not', async () => {
    const signs = [...'…≈–·×µ→←↑↓±≤≥äß日'];
    const png = await draw(signs.map((sign) => `${sign}  `).join(''));
    signs.forEach((sign, index) => {
      // Margin and cells are those of the SVG, in twice the pixels; a wide letter takes one more.
      const cell = crop(png, (10 + index * 3 * 8) * 2, 3 * 8 * 2);
      expect(inked(cell), sign).toBeGreaterThan(8);
    });
  });

  it('has two pixels for one of the SVG', async () => {
    expect(await draw('four')).toMatchObject({ width: (4 * 8 + 20) * 2, height: (16 + 20) * 2 });
  });

  it('is not made without its fonts, in which its text would be left out', async () => {
    await expect(renderPng('<svg xmlns="http://www.w3.org/2000/svg"/>', '/nowhere')).rejects.toThrow(/DejaVuSansMono/);
  });

  it('is not made of what is no SVG', async () => {
    await expect(renderPng('<svg')).rejects.toThrow(/SVG/);
  });
});

const variants = (['dark', 'light'] as const).flatMap((theme) =>
  (['braille', 'block', 'ascii'] as const).map((symbols) => ({ theme, symbols })),
);
/** Part of all pixels that may differ by more than a tenth of the whole range (pixelmatch's threshold). */
const tolerance = { edgesLeftOut: 0.0002, edgesToo: 0.006 };

it('a browser and resvg draw the same, in every theme and symbol set', async (test) => {
  const why = whyNoChromium();
  if (why !== undefined) test.skip(why);
  const svgs = variants.map(({ theme, symbols }) => {
    const sight = { frame: frames.demo, state: initialState, trace: undefined, glossary: [] };
    const grid = buildStill(sight, { columns: 120, drawing: makeDrawing(symbols) });
    return drawSvg(makePicture(grid, frames.demo.report, 120, theme));
  });
  const pngs = await Promise.all(svgs.map(async (svg) => PNG.sync.read(Buffer.from(await renderPng(svg)))));
  const { width = 0, height = 0 } = pngs[0] ?? {};
  const page = drawInChromium(svgs, width / 2, height / 2);
  pngs.forEach((png, index) => {
    const shown = page.data.subarray(index * width * height * 4, (index + 1) * width * height * 4);
    const differing = (includeAA: boolean) =>
      pixelmatch(png.data, shown, undefined, width, height, { threshold: 0.1, includeAA }) / (width * height);
    expect(differing(false), JSON.stringify(variants[index])).toBeLessThan(tolerance.edgesLeftOut);
    expect(differing(true), JSON.stringify(variants[index])).toBeLessThan(tolerance.edgesToo);
  });
}, 90_000);
