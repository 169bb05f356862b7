import { expect, it } from 'vitest';
import { keepNewest } from '../../src/collect/keep-newest.ts';

it('drops what was added first, and what was set anew counts as new', () => {
  const kept = new Map([1, 2, 3, 4].map((key) => [key, '']));
  kept.delete(1);
  kept.set(1, 'anew');
  keepNewest(kept, 2);
  expect([...kept.keys()]).toEqual([4, 1]);
});

it('leaves as it is what fits', () => {
  const kept = new Set(['a', 'b']);
  keepNewest(kept, 2);
  expect([...kept]).toEqual(['a', 'b']);
});
