import { describe, expect, it } from 'vitest';
import { cutMiddle } from '../../src/view/cut-middle.ts';
import { textWidth } from '../../src/view/printable.ts';
import { shortenWords } from '../../src/view/shorten-words.ts';

describe('cutMiddle', () => {
  it('leaves what fits', () => expect(cutMiddle('ratelimit+0x3c', 14)).toBe('ratelimit+0x3c'));

  it('keeps the end, which names the function or the file', () => {
    expect(cutMiddle('/usr/lib/x86_64-linux-gnu/libfoo.so.1', 20)).toBe('/us…-gnu/libfoo.so.1');
    expect(cutMiddle('std::chrono::steady_clock::now+0x3c', 24)).toMatch(/^std:…\S*clock::now\+0x3c$/);
  });

  it.each([0, 1, 2, 3, 10, 41])('takes at most %d columns, wide characters and hostile ones too', (width) => {
    for (const text of ['日本語'.repeat(20), `\u001b[2J${'x'.repeat(80)}\u202e`, 'plain '.repeat(12)]) {
      const cut = cutMiddle(text, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      expect(cut).not.toMatch(/[\p{C}]/u);
    }
  });

  it('shortens only the words that are too long', () => {
    expect(shortenWords(`from ${'a'.repeat(30)}_end+0x1 in libfoo.so`, 12)).toMatch(
      /^from a+…a*_end\+0x1 in libfoo\.so$/,
    );
  });
});
