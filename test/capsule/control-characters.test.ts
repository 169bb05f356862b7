import { expect, it } from 'vitest';
import { hasControlCharacters, withoutControlCharacters } from '../../src/capsule/control-characters.ts';

it.each([
  ['a plain text', 'clock_gettime', false],
  ['quotes and backslashes', 'say "\\" \\\\ n \\u001b as text', false],
  ['letters of other scripts', 'größe 試 \u{1f552}', false],
  ['an escape sequence', '\x1b[31m', true],
  ['a bell', 'a\x07', true],
  ['a line break', 'a\nb', true],
  ['a tab', 'a\tb', true],
  ['a C1 control', 'a\x9bb', true],
  ['DEL', 'a\x7fb', true],
  ['a text that turns around', 'a\u202eb', true],
  ['a joiner', 'a\u200db', true],
  ['a line separator', 'a\u2028b', true],
  ['half a character', 'a\ud800b', true],
  ['a backslash before a control', 'a\\\nb', true],
])('%s', (_, text, has) => {
  const json = JSON.stringify({ text });
  expect(hasControlCharacters(json)).toBe(has);
  const clean = withoutControlCharacters(json);
  expect(hasControlCharacters(clean)).toBe(false);
  expect(clean === json).toBe(!has);
  // It is JSON still, and says the rest as it was.
  const shown = JSON.parse(clean).text;
  if (has) expect(shown).toMatch(/\ufffd/);
  else expect(shown).toBe(text);
});

it('refuses escapes that JSON allows and this never writes', () => {
  for (const json of ['"\\u0041"', '"\\/"', '"\\u202e"', '"\\ud83d\\udd52"'])
    expect(hasControlCharacters(json)).toBe(true);
});
