import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { asciiText } from '../../src/view/ascii.ts';
import { cutText, fitText } from '../../src/view/fit-text.ts';
import { printable, textWidth } from '../../src/view/printable.ts';
import { wrapText } from '../../src/view/wrap-text.ts';

/** Names a process may give itself to break or to forge a screen. */
const hostile = [
  '\u001b[2J\u001b[31mred',
  '\u009b31mred',
  'a\u0000b\u0007c\r\nd\te',
  '\u202egnp.exe\u2066x\u2069',
  'zero\u200bwidth\u200djoiner\ufeff',
  'Z\u0351\u036ba\u0310l\u0351go',
  'e\u0301 is é',
  '日本語プロセス',
  '👩‍👩‍👧 family 🇩🇪 flag 👍🏽 skin',
  '⌚⚡ wide symbols',
  '\ud800 lone surrogate',
  '½ · µ ✓ ─ ⣿ ≈',
];

describe('text from the target', () => {
  it.each(hostile)('is stripped of what moves or hides: %j', (text) => {
    expect(printable(text)).not.toMatch(/[\p{C}\p{Mn}\p{Me}]/u);
  });

  it.each(hostile)('takes as many columns as counted: %j', (text) => {
    expect(stringWidth(printable(text))).toBe(textWidth(printable(text)));
  });

  it.each(hostile)('fills exactly the columns it is given: %j', (text) => {
    for (const width of [1, 2, 3, 7, 12, 40]) {
      expect(stringWidth(fitText(text, width))).toBe(width);
      expect(stringWidth(fitText(text, width, 'right'))).toBe(width);
    }
  });

  it('is left alone when there is nothing wrong with it', () => {
    expect(printable('nginx: worker process')).toBe('nginx: worker process');
  });
});

describe('text in too few columns', () => {
  it('ends in an ellipsis only where something was cut', () => {
    expect(cutText('THREAD_CPUTIME_ID', 17)).toBe('THREAD_CPUTIME_ID');
    expect(cutText('THREAD_CPUTIME_ID', 8)).toBe('THREAD_…');
    expect(cutText('abc', 0)).toBe('');
  });

  it('does not split a wide character', () => expect(fitText('日本語', 4)).toBe('日… '));
});

describe('wrapped text', () => {
  it('keeps a number and its unit on one line', () => {
    expect(wrapText('REALTIME costs 3.1 % of a core', 18)).toEqual(['REALTIME costs', '3.1 % of a core']);
    expect(wrapText('entered the kernel 20 k/s over 8.8 s, so', 23)).toEqual([
      'entered the kernel',
      '20 k/s over 8.8 s, so',
    ]);
    expect(wrapText('all 44 samples', 8)).toEqual(['all 44', 'samples']);
  });

  it('breaks at spaces, and inside words only where it must', () => {
    expect(wrapText('read CLOCK_MONOTONIC where it is meant', 20)).toEqual([
      'read CLOCK_MONOTONIC',
      'where it is meant',
    ]);
    expect(wrapText('/sys/devices/system/clocksource', 12)).toEqual(['/sys/devices', '/system/cloc', 'ksource']);
  });

  it.each(hostile)('keeps every line within its columns: %j', (text) => {
    for (const line of wrapText(`${text} ${text} and ${text}`, 10)) expect(stringWidth(line)).toBeLessThanOrEqual(10);
  });

  it('loses no word', () => {
    const text = 'the quick brown fox jumps over the lazy dog';
    expect(wrapText(text, 9).join(' ')).toBe(text);
  });
});

describe('ASCII stand-ins', () => {
  it('keep the width and leave nothing else', () => {
    for (const text of [...hostile.map(printable), '≈1.2 M µs × – … ─│ ←→↑↓']) {
      expect(asciiText(text)).toMatch(/^[\x20-\x7e]*$/);
      expect(asciiText(text).length).toBe(textWidth(text));
    }
  });

  it('still say microseconds and about', () => expect(asciiText('≈1.2 µs')).toBe('~1.2 us'));
});
