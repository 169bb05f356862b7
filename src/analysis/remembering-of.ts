/** The same answers of objects, each worked out once as long as its object is there. */
export function rememberingOf<K extends object, T>(answer: (of: K) => T): (of: K) => T {
  const answers = new WeakMap<K, T>();
  return (of) => {
    const before = answers.get(of);
    if (before !== undefined || answers.has(of)) return before as T;
    const now = answer(of);
    answers.set(of, now);
    return now;
  };
}
