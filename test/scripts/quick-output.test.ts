import { describe, expect, it } from 'vitest';
import Output from '../../node_modules/ink/build/output.js';
import QuickOutput from '../../scripts/stubs/quick-output.mjs';

type Draw = (output: Output) => void;

const size = { width: 40, height: 4 };
const [red, green, dim, inverse] = [paint(31, 39), paint(32, 39), paint(2, 22), paint(7, 27)] as const;
const asItIs = { transformers: [] };

/** Select Graphic Rendition (ECMA-48), on and off. */
function paint(on: number, off: number) {
  return (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
}

function drawn(Kind: typeof Output, draw: Draw) {
  const output = new Kind(size);
  draw(output);
  return output.get();
}

/** Ink's way, in which every cell of a screen has one spelling. */
function spelt(screen: string): string {
  const draw: Draw = (output) => {
    for (const [y, row] of screen.split('\n').entries()) output.write(0, y, row, asItIs);
  };
  return drawn(Output, draw).output;
}

describe('a frame of rows', () => {
  it.each<[string, Draw]>([
    ['without colour', (output) => output.write(0, 1, '>! 3 THREAD_CPUTIME_ID  ⣀⣤ 714 ns', asItIs)],
    ['in colour', (output) => output.write(0, 0, `${red('SLOW')} ${green('FAST')}${dim(' · 1.04 µs ')}`, asItIs)],
    ['with blanks at its ends', (output) => output.write(0, 3, `  x ${inverse('  ')}  `, asItIs)],
    ['that ends in a coloured blank', (output) => output.write(0, 3, inverse(' x '), asItIs)],
    ['as wide as the screen', (output) => output.write(0, 2, red('█'.repeat(40)), asItIs)],
    ['that something transforms', (output) => output.write(0, 2, 'inner', { transformers: [green, inverse] })],
    ['without any', () => {}],
  ])('%s is the same screen as Ink makes of it', (_, draw) => {
    const quick = drawn(QuickOutput, draw);
    const ink = drawn(Output, draw);
    expect(spelt(quick.output)).toBe(ink.output);
    expect(quick.height).toBe(ink.height);
  });

  it('is painted as it was written, and not spelt anew', () => {
    const row = `${red('a')}${red('b')}`;
    const draw: Draw = (output) => output.write(0, 0, row, asItIs);
    expect(drawn(Output, draw).output).not.toContain(row);
    expect(drawn(QuickOutput, draw).output).toContain(row);
  });
});

it.each<[string, Draw]>([
  ['lies right of the margin', (output) => output.write(3, 0, red('a') + red('b'), asItIs)],
  ['lies on another', (output) => ['under it', red('a') + red('b')].map((row) => output.write(0, 0, row, asItIs))],
  ['lies below the screen', (output) => output.write(0, 4, red('a') + red('b'), asItIs)],
  [
    'is longer than the screen is wide',
    (output) => output.write(0, 0, red('a'.repeat(20)) + red('b'.repeat(21)), asItIs),
  ],
  ['has wide characters', (output) => output.write(0, 0, red('日') + red('本'), asItIs)],
  ['has several lines', (output) => output.write(0, 0, red('a') + red('\nb'), asItIs)],
  ['is a link', (output) => output.write(0, 0, '\u001b]8;;file:///tmp\u001b\\a\u001b]8;;\u001b\\', asItIs)],
  [
    'is clipped',
    (output) => {
      output.clip({ x1: 0, x2: 1, y1: 0, y2: 4 });
      output.write(0, 0, red('a') + red('b'), asItIs);
      output.unclip();
    },
  ],
])('what %s is put together by Ink', (_, draw) => {
  expect(drawn(QuickOutput, draw)).toEqual(drawn(Output, draw));
});
