import { describe, expect, it } from 'vitest';
import { drawSvg } from '../../../src/capsule/picture/draw-svg.ts';
import { makePicture } from '../../../src/capsule/picture/make-picture.ts';
import type { PaintedRun, Picture } from '../../../src/capsule/picture/picture.ts';
import { makeDrawing } from '../../../src/ui/make-drawing.ts';
import type { SymbolSet } from '../../../src/view/drawing.ts';
import { buildScreen } from '../../../src/view/screen.ts';
import { initialState } from '../../../src/view/screen-state.ts';
import { frames } from '../../ui/frames.ts';

const ink = '#d4d7dd';
const pictureOf = (...rows: readonly (readonly PaintedRun[])[]): Picture => ({
  columns: 40,
  rows,
  background: '#16181d',
  title: 'a picture',
  description: 'what it says',
});
const draw = (text: string, look: Partial<PaintedRun> = {}) => drawSvg(pictureOf([{ text, ink, ...look }]));
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text x="(\d+)" y="(\d+)" textLength="(\d+)">([^<]*)/g)].map(([, x, y, length, text]) => [
    Number(x),
    Number(y),
    Number(length),
    text,
  ]);

describe('text', () => {
  it('stands where its cells are, stretched to them, with nothing for blanks', () => {
    expect(textsOf(draw('ab   cd ef'))).toEqual([
      [10, 22, 16, 'ab'],
      [50, 22, 40, 'cd ef'],
    ]);
  });

  it('gives a wide character its two columns, and what follows its place', () => {
    expect(textsOf(draw('日x'))).toEqual([
      [10, 22, 16, '日'],
      [26, 22, 8, 'x'],
    ]);
  });

  it('is gathered by look over the whole picture', () => {
    const bold = { text: 'b', ink, bold: true };
    const svg = drawSvg(pictureOf([bold, { text: 'p', ink }], [bold]));
    expect(svg.match(/<g fill="#d4d7dd" font-weight="bold">/g)).toHaveLength(1);
    expect(textsOf(svg).map(([, y, , text]) => [y, text])).toEqual([
      [22, 'b'],
      [38, 'b'],
      [22, 'p'],
    ]);
  });

  it('is well-formed whatever it is', () => {
    const svg = drawSvg({ ...pictureOf([{ text: '<b>&"\u0001\ud800', ink }]), title: '</title><script>' });
    expect(textsOf(svg).map(([, , , text]) => text)).toEqual(['&lt;b&gt;&amp;&quot;\ufffd', '\ufffd']);
    expect(svg).not.toMatch(/<script|<b>|[\u0001\ud800]/);
  });
});

describe('shapes', () => {
  const pathOf = (text: string) => /<path[^>]* d="([^"]*)"/.exec(draw(text))?.[1];

  it('need no font and lie on whole pixels', () => {
    const every = String.fromCharCode(
      ...Array.from({ length: 0x100 }, (_, bits) => 0x2800 + bits),
      ...Array.from({ length: 0x14 }, (_, block) => 0x2580 + block),
    );
    const svg = draw(`${every}─│┌┐└┘├┤┬┴┼╭╮╰╯`);
    expect(svg).not.toContain('<text');
    const data = [...svg.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path).join('');
    expect(data).toMatch(/^(M\d+ \d+h\d+v\d+h-\d+z)+$/);
  });

  it('show a dot of Braille where Unicode says it is', () => {
    expect(pathOf('⠁')).toBe('M11 11h2v2h-2z');
    expect(pathOf('⠄')).toBe('M11 19h2v2h-2z');
    expect(pathOf('⡀')).toBe('M11 23h2v2h-2z');
    expect(pathOf('⢀')).toBe('M15 23h2v2h-2z');
    expect(pathOf('⣿')?.match(/M/g)).toHaveLength(8);
    expect(pathOf('⠀')).toBeUndefined();
  });

  it('fill their eighths of a cell', () => {
    expect(pathOf('▁')).toBe('M10 24h8v2h-8z');
    expect(pathOf('█')).toBe('M10 10h8v16h-8z');
    expect(pathOf('▌')).toBe('M10 10h4v16h-4z');
    expect(draw('▒')).toContain('<path fill-opacity="0.5" d="M10 10h8v16h-8z"/>');
  });

  it('join where lines meet, and a rule is one of them', () => {
    expect(pathOf('────')).toBe('M10 18h32v1h-32z');
    expect(pathOf('┌')).toBe('M14 18h4v1h-4zM14 18h1v8h-1z');
    expect(pathOf('┘')).toBe('M10 18h5v1h-5zM14 10h1v9h-1z');
    expect(pathOf('││')).toBe('M14 10h1v16h-1zM22 10h1v16h-1z');
  });

  it('leave other lines to the font', () => {
    expect(textsOf(draw('═══'))).toEqual([[10, 22, 24, '═══']]);
  });
});

describe('the document', () => {
  it('says what it is to those who cannot see it, and keeps data where no viewer shows it', () => {
    const svg = drawSvg(pictureOf([]), '<x>data</x>');
    expect(svg).toMatch(/^<svg [^>]*role="img">\n<title>a picture<\/title>\n<desc>what it says<\/desc>\n/);
    expect(svg).toContain('<metadata><x>data</x></metadata>');
    expect(drawSvg(pictureOf([]))).not.toContain('metadata');
  });

  it('uses nothing that viewers do not share', () => {
    const svg = screenSvg(frames.demo, 120, 40, 'braille');
    expect(svg).not.toMatch(/foreignObject|@font-face|<style|<script|href|url\(|xml:space/);
  });

  it.each(['braille', 'block', 'ascii'] as const)(
    'is at most 150 kB for a full screen of 200 by 60, in %s',
    (symbols) => {
      for (const frame of Object.values(frames))
        for (const mode of ['overview', 'chart', 'why', 'help'] as const)
          expect(screenSvg(frame, 200, 60, symbols, mode).length).toBeLessThan(150_000);
    },
  );
});

function screenSvg(
  frame: (typeof frames)['demo'],
  columns: number,
  rows: number,
  symbols: SymbolSet,
  mode: 'overview' | 'chart' | 'why' | 'help' = 'overview',
): string {
  const drawing = makeDrawing(symbols);
  const state = { ...initialState, mode };
  const { grid } = buildScreen({
    frame,
    state,
    columns,
    rows,
    drawing,
    glossary: [],
    toast: undefined,
    trace: undefined,
  });
  return drawSvg(makePicture(grid, frame.report, columns, 'dark'));
}
