import { expect, it } from 'vitest';
import { pictureThemes } from '../../src/capsule/picture/picture-theme.ts';
import { toSvg } from './svg.ts';
import type { Cell } from './terminal.ts';

const { background, foreground, hues } = pictureThemes.dark;
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

it('paints colours, and both of them when inverted', () => {
  expect(toSvg([cellsOf('x', { foreground: 2 })], '')).toContain(`<g fill="${hues.green}"><text`);
  expect(toSvg([cellsOf('x', { foreground: '#010203' })], '')).toContain('<g fill="#010203"><text');
  const inverted = toSvg([cellsOf('x', { inverse: true })], '');
  expect(inverted).toContain(`<g fill="${foreground}"><path`);
  expect(inverted).toContain(`<g fill="${background}"><text`);
});

it('keeps cells of one look together, and wide characters in their two columns', () => {
  const wide = [...cellsOf('日'), { ...plain, text: '' }, ...cellsOf('本'), { ...plain, text: '' }, ...cellsOf('ab')];
  const places = [...toSvg([wide], '').matchAll(/<text x="(\d+)"[^>]*textLength="(\d+)">([^<]*)/g)];
  expect(places.map(([, x, length, text]) => [Number(x), Number(length), text])).toEqual([
    [10, 16, '日'],
    [26, 16, '本'],
    [42, 16, 'ab'],
  ]);
});
