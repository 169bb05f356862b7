export interface Memory<T> {
  get(key: number, make: () => T): T;
}

const maxRemembered = 4_096;

/** Remembers what was made for a number, as long as `era` stays the same: bounded, and emptied whole. */
export function createMemory<T>(era: () => number): Memory<T> {
  const known = new Map<number, T>();
  let knownIn = era();
  return {
    get(key, make) {
      if (era() !== knownIn) known.clear();
      const value = known.get(key);
      if (value !== undefined || known.has(key)) return value as T;
      const made = make();
      // What was just made may have begun a new era.
      if (era() !== knownIn || known.size >= maxRemembered) known.clear();
      knownIn = era();
      known.set(key, made);
      return made;
    },
  };
}
