import measure from 'string-width';
import { expect, it } from 'vitest';
import stringWidth, { narrow } from '../../scripts/stubs/string-width.mjs';

const everyCharacter = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
const narrowOnes = everyCharacter.filter((character) => narrow.test(character));

it('takes the short way only for characters that the package gives one column, alone and side by side', () => {
  expect(narrowOnes.length).toBeGreaterThan(95 + 160 + 256);
  expect(narrowOnes.filter((character) => measure(character) !== 1)).toEqual([]);
  expect(measure(narrowOnes.join(''))).toBe(narrowOnes.length);
});

it.each(['', 'plain', '⣀⣤ 12.3 µs', '\u001b[31mred\u001b[39m', '日本', 'e\u0301', '👩‍👩‍👧', '\t', '█\ufe0f'])(
  'agrees on %j',
  (text) => {
    expect(stringWidth(text)).toBe(measure(text));
  },
);
