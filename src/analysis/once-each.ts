import type { Missing } from '../model/findings.ts';

/** Readings that fail for one reason, word by word the same, are one limit, named for the first of them. */
export function onceEach(limits: readonly Missing[]): readonly Missing[] {
  const firsts = new Map(limits.toReversed().map((limit) => [limit.detail, limit]));
  return limits.filter((limit) => firsts.get(limit.detail) === limit);
}
