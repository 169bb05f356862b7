import { rememberingOf } from './remembering-of.ts';

/**
 * The same answers of what comes one after another, each worked out once for both ends of a step. An answer must not hold the
 * end before: the end after would keep it, as that keeps its own, and so all there ever were.
 */
export function rememberingSteps<K extends object, T>(answer: (before: K, after: K) => T): (before: K, after: K) => T {
  const from = rememberingOf((before: K) => rememberingOf((after: K) => answer(before, after)));
  return (before, after) => from(before)(after);
}
