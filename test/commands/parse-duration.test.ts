import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/commands/parse-duration.ts';

const bounds = { minMs: 100, maxMs: 10_000 };

describe('parseDuration', () => {
  it.each([
    ['2s', 2_000],
    ['500ms', 500],
    ['0.1m', 6_000],
    ['3', 3_000],
    [' 1.5s ', 1_500],
  ])('reads %s as %d ms', (text, expected) => {
    expect(parseDuration(text, '--interval', bounds)).toBe(expected);
  });

  it.each(['', 'soon', '-1s', '1e3', '2 s', '5d', 'NaN'])(
    'refuses %j, naming the flag and what is expected',
    (text) => {
      expect(() => parseDuration(text, '--interval', bounds)).toThrow(/--interval '.*' cannot be used: expected/);
    },
  );

  it.each(['99ms', '11s'])('refuses %s as out of bounds', (text) => {
    expect(() => parseDuration(text, '--duration', bounds)).toThrow('expected from 100 ms to 10 s');
  });
});
