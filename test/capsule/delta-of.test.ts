import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/rig/statistics.ts';
import { applyDelta } from '../../src/capsule/apply-delta.ts';
import { deltaOf } from '../../src/capsule/delta-of.ts';
import type { Json } from '../../src/capsule/json.ts';

/** Through text, as it is done. */
function throughText(before: Json, after: Json): Json {
  const delta = deltaOf(before, after);
  return delta === undefined ? before : applyDelta(before, JSON.parse(JSON.stringify(delta)));
}

describe('a delta', () => {
  it.each<[string, unknown, unknown, Json | undefined]>([
    ['nothing for what is the same', { a: [1, 'b'] }, { a: [1, 'b'] }, undefined],
    ['the members that changed', { a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 4 } }, { b: { d: 4 } }],
    ['the elements that changed', [1, 2, 3], [1, 5, 3], { 1: 5 }],
    ['what is added at the end', [1], [1, { a: 2 }], { 1: { '=': { a: 2 } } }],
    ['a shorter array whole', [1, 2], [1], { '=': [1] }],
    ['an object with other members whole', { a: 1 }, { a: 1, b: 2 }, { '=': { a: 1, b: 2 } }],
    ['an object in another order whole', { a: 1, b: 2 }, { b: 2, a: 1 }, { '=': { b: 2, a: 1 } }],
    ['an object with a member = whole', { '=': 1 }, { '=': 2 }, { '=': { '=': 2 } }],
    ['a value that took the place of an object', { a: { b: 1 } }, { a: 7 }, { a: 7 }],
    ['an object that took the place of a value', { a: 7 }, { a: { b: 1 } }, { a: { '=': { b: 1 } } }],
    ['no member that is undefined', { a: 1, b: undefined }, { a: 2 }, { a: 2 }],
  ])('says %s', (_, before, after, expected) => {
    expect(deltaOf(before, after)).toEqual(expected);
    if (expected !== undefined) expect(applyDelta(before as Json, expected)).toEqual(after);
  });

  it('makes the next value of the one before, whatever they are', () => {
    const random = seededRandom(11);
    let before: Json = {};
    for (let round = 0; round < 3_000; round += 1) {
      const after: Json = random() < 0.5 ? randomJson(random, 4) : changedJson(before, random);
      // The text and not the object: the order of members is a part of what is kept.
      expect(JSON.stringify(throughText(before, after))).toBe(JSON.stringify(after));
      before = after;
    }
  });

  it('shares what did not change with the value before', () => {
    const before = { host: { cpu: { flags: ['tsc'] } }, seen: 1 };
    const after = applyDelta(before, { seen: 2 }) as typeof before;
    expect(after.host).toBe(before.host);
    expect(before.seen).toBe(1);
  });

  it.each<[string, Json, Json]>([
    ['a member that is not there', { a: 1 }, { b: 2 }],
    ['a member of a value', { a: 1 }, { a: { b: 2 } }],
    ['an element far beyond the end', [1], { 999999999: 2 }],
    ['an element that is no index', [1], { length: 4_000_000_000 }],
    ['an array', { a: [1] }, { a: [2] }],
    ['a prototype', { a: 1 }, JSON.parse('{"__proto__":{"polluted":1}}')],
    ['a method', { a: 1 }, { toString: 1 }],
  ])('that names %s does not fit, and is refused', (_, before, delta) => {
    expect(() => applyDelta(before, delta)).toThrow(/does not fit/);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

const names = ['a', 'b', '=', 'end', '0', '7', '__proto', 'ä'];

function randomJson(random: () => number, depth: number): Json {
  const kind = Math.floor(random() * (depth > 0 ? 6 : 4));
  const some = () => Array.from({ length: Math.floor(random() * 4) });
  if (kind === 0) return Math.round(random() * 100) / 4;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return names[Math.floor(random() * names.length)] ?? '';
  if (kind === 3) return null;
  if (kind === 4) return some().map(() => randomJson(random, depth - 1));
  return Object.fromEntries(some().map(() => [nameOf(random), randomJson(random, depth - 1)]));
}

const nameOf = (random: () => number) => names[Math.floor(random() * names.length)] ?? 'a';

/** The same value with something changed in it, as from one snapshot to the next. */
function changedJson(value: Json, random: () => number): Json {
  if (typeof value !== 'object' || value === null || random() < 0.1) return randomJson(random, 2);
  if (Array.isArray(value)) {
    const changed = value.map((element: Json) => (random() < 0.3 ? changedJson(element, random) : element));
    return random() < 0.2 ? [...changed, randomJson(random, 2)] : changed;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, random() < 0.3 ? changedJson(field, random) : field]),
  );
}
