import { describe, expect, it } from 'vitest';
import { compareWatches } from '../../../src/analysis/diff/compare-watches.ts';
import { ratioWords } from '../../../src/view/difference/change-words.ts';
import { renderDifferenceMarkdown } from '../../../src/view/difference/difference-markdown.ts';
import { renderDifferenceText } from '../../../src/view/difference/difference-text.ts';
import { textWidth } from '../../../src/view/printable.ts';
import { guestPrices, makeWatch, unevenCounts } from '../../analysis/diff/watch-builder.ts';
import { available } from '../../analysis/snapshot-builder.ts';
import { hostileName } from '../../ui/frames.ts';

const counts = (seed: number, rate: number) => [['clock_gettime', 3, unevenCounts(seed, rate, 0.02)]] as const;
const before = makeWatch({ seed: 1, counts: counts(1, 20_000), label: 'before.json' });
const same = makeWatch({ seed: 2, counts: counts(2, 20_000), label: 'after.json' });
const slower = makeWatch({
  seed: 3,
  counts: counts(3, 40_000),
  prices: { ...guestPrices, '1.vdso': 40 },
  target: { comm: available(hostileName), exe: available(`/tmp/${hostileName}|![x](http://x)`) },
  label: 'after.json',
});
const differs = compareWatches(before, slower, { version: 'test' });

describe('a difference as text', () => {
  it.each([
    ['changed', differs],
    ['unchanged', compareWatches(before, same, { version: 'test' })],
  ])('keeps its shape in a ticket: %s', (_name, difference) => {
    for (const line of renderDifferenceText(difference, 80).split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(80);
      expect(line).not.toMatch(/[\p{C}]|\s$/u);
    }
  });

  it('answers first, then proves, and claims no cause', () => {
    const text = renderDifferenceText(differs, 80);
    const parts = [
      'CHANGED, for the worse: THREAD_CPUTIME_ID: kernel/s',
      ' before ',
      ' after ',
      ' host ',
      'THREAD_CPUTIME_ID: CHANGED',
      '! kernel/s',
      'MONOTONIC: CHANGED',
      '! vDSO p50',
      'changed too (what is likeliest to bear upon it first; none is proved',
      'program: /usr/bin/server → /tmp/',
    ];
    const places = parts.map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('cuts no label, and says which prices were taken while watched', () => {
    const unwatched = before.snapshots.at(-1)?.unwatched ?? [];
    const later = makeWatch({ seed: 4, counts: counts(4, 20_000), unwatched, label: 'after.json' });
    const within = compareWatches(before, later, { version: 'test' });
    const text = renderDifferenceText(within, 80);
    expect(text).toMatch(/^ . syscall p50\* +[\d.]+ ns → [\d.]+ ns/m);
    expect(text).not.toContain('…');
    expect(text.replaceAll('\n', ' ')).toContain('; * priced while watched');
    expect(renderDifferenceMarkdown(within)).toContain('| syscall p50 while watched |');
    expect(renderDifferenceText(differs, 80)).not.toContain('*');
  });

  it('tells why a price that rose has a minus sign', () => {
    const busier = makeWatch({ seed: 5, counts: counts(5, 20_000), hostSlowdown: 1.09, label: 'after.json' });
    const compared = compareWatches(before, busier, { version: 'test' });
    const clocks = compared.clocks.map((clock) => ({
      ...clock,
      prices: clock.prices.map((price) => ({
        ...price,
        p50: { ...price.p50, verdict: 'same' as const, reason: "less the host's +9 %" },
      })),
    }));
    const text = renderDifferenceText({ ...compared, clocks }, 80).replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/same [-+][\d.]+ % \([^)]*\), less the host's \+9 %/);
  });

  it('says so where nothing changed', () => {
    const text = renderDifferenceText(compareWatches(before, same, { version: 'test' }), 80);
    expect(text).toMatch(/no change by more than noise was found/);
    expect(text).toContain('nothing that was compared of host and target changed');
  });

  it('is Markdown in which nothing of a target is markup', () => {
    const text = renderDifferenceMarkdown(differs);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).not.toContain('![x](');
    const table = text.split('\n').filter((line) => line.startsWith('|'));
    const columns = table.map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(new Set(columns).size).toBe(1);
  });
});

describe('a ratio in words', () => {
  it.each([
    [{ value: 1.09, low: 1.03, high: 1.15 }, '+9 % (+3 to +15)'],
    [{ value: 0.88, low: 0.8, high: 0.95 }, '-12 % (-20 to -5)'],
    [{ value: 46, low: 40, high: 51.6 }, '46× (40× to 52×)'],
    [{ value: 0.25, low: 0.2, high: 0.5 }, '1/4 (1/5 to 1/2)'],
    [{ value: 1, low: 0.2, high: 5 }, '1× (1/5 to 5×)'],
  ])('%j is %s', (ratio, words) => expect(ratioWords({ ratio })).toBe(words));
});
