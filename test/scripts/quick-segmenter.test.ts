import { describe, expect, it } from 'vitest';
import { quickSegmenter } from '../../scripts/stubs/quick-segmenter.mjs';

const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const quick = quickSegmenter(real);
const cut = (segmenter: { segment(text: string): Iterable<{ readonly segment: string; readonly index: number }> }) => {
  return (text: string) => [...segmenter.segment(text)].map(({ segment, index }) => [segment, index]);
};

describe('the quick segmenter', () => {
  it.each([
    '',
    '>! 3 THREAD_CPUTIME_ID   SLOW syscall  20 k 714 ns',
    '≈81 k/s (76–86) · ≤ 1.04 µs × 14 → ½ é ÿ …',
    '── why ──│⢸⣿⡀▁▂█',
    'e\u0301 combines, 👩‍👩‍👧 joins, 🇩🇪 flags, 한국어, \u0e01\u0e33',
    'a\r\nb\tc\u00adsoft',
  ])('cuts %j as Intl.Segmenter does', (text) => {
    expect(cut(quick)(text)).toEqual(cut(real)(text));
  });

  it('cuts every single character that it takes for simple as Intl.Segmenter does, before and after a letter', () => {
    for (let code = 0x20; code < 0x2900; code += 1) {
      const text = `a${String.fromCharCode(code)}b`;
      expect(cut(quick)(text)).toEqual(cut(real)(text));
    }
  });
});
