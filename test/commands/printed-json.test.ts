import { expect, it } from 'vitest';
import { printedJson } from '../../src/commands/printed-json.ts';

it('printed JSON holds no control character of a target, and is what JSON it was', () => {
  const text = printedJson({ detail: 'lib\u009b31mevil\u202e.so', path: 'a\u001bb\u007fc', list: [1, 'ü → "x"\\'] });
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\\u00/);
  expect(JSON.parse(text)).toMatchObject({ list: [1, 'ü → "x"\\'] });
  expect(text.split('\n').length).toBeGreaterThan(5);
});
