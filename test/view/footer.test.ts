import { describe, expect, it } from 'vitest';
import { rowText, rowWidth } from '../../src/view/cells.ts';
import { footerRow } from '../../src/view/footer.ts';

const copying = (width: number) =>
  footerRow({ state: { mode: 'overview', menu: 'copy' }, toast: undefined, trace: undefined, paused: false }, width);

describe('the menu of what can be copied', () => {
  it.each([40, 50, 60, 80, 120, 200])('names all of it, %i columns wide', (width) => {
    expect(rowWidth(copying(width))).toBeLessThanOrEqual(width);
    expect(rowText(copying(width))).toMatch(/ s summary +m Markdown +j JSON +c command/);
  });

  it.each([
    [60, ' copy: Esc back s summary m Markdown j JSON c command line'],
    [80, ' copy: Esc back  s summary  m Markdown  j JSON  c command line'],
  ])('tells the way back, %i columns wide', (width, text) => expect(rowText(copying(width))).toBe(text));
});
