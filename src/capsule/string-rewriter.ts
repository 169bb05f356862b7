/**
 * Rewrites every string in a value, however deep. What holds none that changes is answered as it is, and an object that
 * was seen before is not walked again: what snapshots share stays shared.
 */
export function createStringRewriter(rewrite: (text: string) => string): <T>(value: T) => T {
  const done = new WeakMap<object, object>();

  const rewritten = (value: unknown): unknown => {
    if (typeof value === 'string') return rewrite(value);
    if (typeof value !== 'object' || value === null) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const copy = copyOf(value);
    done.set(value, copy);
    return copy;
  };

  const copyOf = (value: object): object => {
    const fields = value as Readonly<Record<string, unknown>>;
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(fields)) {
      const field = rewritten(fields[key]);
      if (field === fields[key]) continue;
      copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
      copy[key] = field;
    }
    return copy ?? value;
  };

  return <T>(value: T) => rewritten(value) as T;
}
