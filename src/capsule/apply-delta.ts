import type { Json } from './json.ts';

/**
 * The value after a delta that `deltaOf` made. What did not change is shared with the value before. Throws where the
 * delta does not fit: a file may say anything. `onCopy` is told how many members each object and array had that was
 * copied for it: a short delta may need much memory.
 */
export function applyDelta(before: Json | undefined, delta: Json, onCopy: (members: number) => void = () => {}): Json {
  if (!isObject(delta)) return delta;
  if (Array.isArray(delta)) throw misfit();
  if (isWhole(delta)) return delta['='];
  if (!isObject(before)) throw misfit();
  return Array.isArray(before) ? applyToArray(before, delta, onCopy) : applyToObject(before as Fields, delta, onCopy);
}

type Fields = { readonly [key: string]: Json };

function applyToObject(before: Fields, delta: Fields, onCopy: (members: number) => void): Json {
  const after: Record<string, Json> = { ...before };
  onCopy(Object.keys(before).length);
  for (const key of Object.keys(delta)) {
    if (!Object.hasOwn(before, key)) throw misfit();
    after[key] = applyDelta(before[key], delta[key] ?? null, onCopy);
  }
  return after;
}

/** Indices come in ascending order, as JSON.parse keeps them: each is inside, or the next one behind the end. */
function applyToArray(before: readonly Json[], delta: Fields, onCopy: (members: number) => void): Json {
  const after = [...before];
  onCopy(before.length);
  for (const key of Object.keys(delta)) {
    const index = Number(key);
    if (!/^\d{1,9}$/.test(key) || index > after.length) throw misfit();
    after[index] = applyDelta(after[index], delta[key] ?? null, onCopy);
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
