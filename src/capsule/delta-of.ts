import type { Json } from './json.ts';

/**
 * What turns one value into the next, as JSON (docs/capsule.md): a scalar stands for itself, an object or array of the
 * same shape for those of its members that changed, by key or index, and everything else for `{"=": value}`. Undefined
 * where nothing changed. Objects that are the same are not looked into, so that a delta costs what has changed.
 */
export function deltaOf(before: unknown, after: unknown): Json | undefined {
  if (before === after) return undefined;
  if (!isObject(after)) return after as Json;
  if (Array.isArray(after)) return Array.isArray(before) ? deltaOfArrays(before, after) : whole(after);
  if (!isObject(before) || Array.isArray(before)) return whole(after);
  return deltaOfObjects(before, after);
}

type Fields = { readonly [key: string]: unknown };

/** With other keys, or in another order, it is another shape: then the delta would not say where the new ones stand. */
function deltaOfObjects(before: Fields, after: Fields): Json | undefined {
  const keys = keysOf(after);
  const known = keysOf(before);
  if (keys.length !== known.length) return whole(after);
  let changed: Record<string, Json> | undefined;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? '';
    if (key !== known[at] || key === '=') return whole(after);
    const value = after[key];
    if (value === before[key]) continue;
    const delta = deltaOf(before[key], value);
    if (delta === undefined) continue;
    changed ??= {};
    changed[key] = delta;
  }
  return changed;
}

/** A longer array keeps its beginning and adds the rest; a shorter one is written anew. */
function deltaOfArrays(before: readonly unknown[], after: readonly unknown[]): Json | undefined {
  if (before.length > after.length || before.length === 0)
    return after.length === before.length ? undefined : whole(after);
  let changed: Record<string, Json> | undefined;
  for (let at = 0; at < after.length; at += 1) {
    const delta = deltaOf(before[at], after[at]);
    if (delta === undefined) continue;
    changed ??= {};
    changed[at] = delta;
  }
  return changed;
}

/** JSON leaves out what is undefined, so it is not there for us either. Thousands of threads pass here twice a second. */
function keysOf(fields: Fields): readonly string[] {
  const keys = Object.keys(fields);
  for (const key of keys) if (fields[key] === undefined) return keys.filter((each) => fields[each] !== undefined);
  return keys;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function whole(value: unknown): Json {
  return { '=': value as Json };
}
