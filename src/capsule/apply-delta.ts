import type { Json } from './json.ts';

/**
 * The value after a delta that `deltaOf` made. What did not change is shared with the value before. Throws where the
 * delta does not fit: a file may say anything.
 */
export function applyDelta(before: Json | undefined, delta: Json): Json {
  if (!isObject(delta)) return delta;
  if (Array.isArray(delta)) throw misfit();
  if (isWhole(delta)) return delta['='];
  if (!isObject(before)) throw misfit();
  return Array.isArray(before) ? applyToArray(before, delta) : applyToObject(before as Fields, delta);
}

type Fields = { readonly [key: string]: Json };

function applyToObject(before: Fields, delta: Fields): Json {
  const after: Record<string, Json> = { ...before };
  for (const key of Object.keys(delta)) {
    if (!Object.hasOwn(before, key)) throw misfit();
    after[key] = applyDelta(before[key], delta[key] ?? null);
  }
  return after;
}

/** Indices come in ascending order, as JSON.parse keeps them: each is inside, or the next one behind the end. */
function applyToArray(before: readonly Json[], delta: Fields): Json {
  const after = [...before];
  for (const key of Object.keys(delta)) {
    const index = Number(key);
    if (!/^\d{1,9}$/.test(key) || index > after.length) throw misfit();
    after[index] = applyDelta(after[index], delta[key] ?? null);
  }
  return after;
}

function isWhole(delta: Fields): delta is { readonly '=': Json } {
  return Object.hasOwn(delta, '=') && Object.keys(delta).length === 1;
}

function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null;
}

function misfit(): Error {
  return new Error('a record does not fit the one before it');
}
