import { expect, it } from 'vitest';
import { toSvg } from './svg.ts';
import type { Cell } from './terminal.ts';

const plain: Cell = {
  text: ' ',
  foreground: 'default',
  background: 'default',
  bold: false,
  dim: false,
  underlined: false,
  inverse: false,
};
const cellsOf = (text: string, style: Partial<Cell> = {}) =>
  [...text].map((character) => ({ ...plain, ...style, text: character }));

it('sets words where their cells are, and nothing for blanks', () => {
  const svg = toSvg([cellsOf('ab   cd')], 'words');
  const words = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)/g)].map(([, x, text]) => [Number(x), text]);
  expect(words).toEqual([
    [10, 'ab'],
    [10 + 5 * 8.43, 'cd'],
  ]);
});

it('draws Braille, blocks and boxes without any font', () => {
  const svg = toSvg([cellsOf('⣿▄█╭─╮')], 'geometry');
  expect(svg).not.toContain('<text');
  expect(svg.match(/h0/g)).toHaveLength(8);
  expect(svg.match(/z"|zM/g)).toHaveLength(2);
  expect(svg.match(/Q/g)).toHaveLength(2);
});

it('paints colours, and both of them when inverted', () => {
  expect(toSvg([cellsOf('x', { foreground: 2 })], '')).toContain('<g fill="#98c379"');
  expect(toSvg([cellsOf('x', { foreground: '#010203' })], '')).toContain('<g fill="#010203"');
  const inverted = toSvg([cellsOf('x', { inverse: true })], '');
  expect(inverted).toMatch(/<g fill="#16181d"[\s\S]*<rect[^>]*fill="#d4d7dd"/);
});

it('stays well-formed whatever a program prints', () => {
  const svg = toSvg([cellsOf('<b>&"\u0001')], '</title><script>');
  expect(svg).toContain('&lt;b&gt;&amp;&quot;\ufffd');
  expect(svg).not.toMatch(/<script|<b>|\u0001/);
});
