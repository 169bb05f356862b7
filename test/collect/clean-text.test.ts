import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/collect/clean-text.ts';
import { cpuMs } from '../cpu-ms.ts';

describe('cleanText', () => {
  it.each([
    ['leaves ordinary text alone', 'nginx: worker — Привет 日本 é', 'nginx: worker — Привет 日本 é'],
    ['takes a colour sequence whole', '\x1b[31;1mred\x1b[0m', 'red'],
    ['takes the one-byte form of a control sequence', '\x9b2Jcleared', 'cleared'],
    ['takes a title sequence ended by BEL', '\x1b]0;owned\x07sleep', 'sleep'],
    ['takes a link sequence ended by ST', '\x1b]8;;http://x\x1b\\sleep\x1b]8;;\x1b\\', 'sleep'],
    ['takes a device control string', 'a\x1bP1$rq\x1b\\b', 'ab'],
    ['takes short escapes', 'a\x1bcb\x1b(0c', 'abc'],
    ['shows what follows an unfinished title sequence', 'a\x1b]0;b', 'a0;b'],
    ['drops a lone escape', 'a\x1b', 'a'],
    ['makes line breaks a space', 'a\nb\r\nc\td\u2028e', 'a b c d e'],
    ['drops other controls and DEL', 'a\x00b\x08c\x7fd\x90e', 'abcde'],
    ['drops bidirectional overrides', 'a\u202ecba\u2066x\u2069', 'acbax'],
    ['drops invisible characters', 'a\u200bb\u200dc\ufeffd\u00ade\u{e0041}f', 'abcdef'],
    ['drops a lone surrogate', 'a\ud800b', 'ab'],
    ['limits stacked marks', `e${'\u0301'.repeat(40)}`, 'e\u0301\u0301'],
  ])('%s', (_, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  it('shows bytes that are not UTF-8 as replacement characters', () => {
    expect(cleanText(Buffer.from([0x61, 0xff, 0xc3, 0x62]))).toBe('a\ufffd\ufffdb');
  });

  it('reads UTF-8 bytes', () => {
    expect(cleanText(Buffer.from('größe 日本'))).toBe('größe 日本');
  });

  it('bounds the length in characters and says that it cut', () => {
    expect(cleanText('x'.repeat(300))).toBe(`${'x'.repeat(255)}…`);
    expect(cleanText('😀'.repeat(5), 3)).toBe('😀😀…');
    expect(cleanText('abc', 3)).toBe('abc');
  });

  it('takes no longer for a hostile megabyte than for a name', () => {
    for (const unit of ['\x1b]', '\x9d', '\x1b[', '\x90\x1b', 'e\u0301']) {
      const text = unit.repeat(500_000);
      expect(cpuMs(() => cleanText(text, 4_096))).toBeLessThan(100);
    }
  });

  it('lets no control character through, whatever comes', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code));
    const twice = all.map((character) => `${character}${character}`).join('') + all.reverse().join('');
    expect(cleanText(twice, 40_000)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  });
});
