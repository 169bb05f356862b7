import { expect, it } from 'vitest';
import { sideTexts } from '../../../src/analysis/diff/side-texts.ts';

const log = Array.from({ length: 30 }, (_, at) => `clocksource: line ${at}`);

it.each([
  ['only the line that came', log, [...log, 'tsc: unstable'], ['(30 alike)', '(30 alike); tsc: unstable']],
  ['short lists whole', ['a', 'b'], ['a'], ['a; b', 'a']],
  ['none as none', [], ['a'], ['none', 'a']],
  ['text as it is', 'tsc', 'hpet', ['tsc', 'hpet']],
  ['another order whole', ['a', 'b', 'c'], ['b', 'a', 'c'], ['a; b; c', 'b; a; c']],
  ['what came again whole', ['a', 'b', 'c'], ['a', 'b', 'c', 'c'], ['a; b; c', 'a; b; c; c']],
] as const)('of a fact on both sides tells %s', (_, before, after, texts) => {
  expect(sideTexts(before, after)).toEqual(texts);
});
