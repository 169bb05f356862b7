/** A fact on both sides as text: of lists that differ, and are long, only what differs, and how much is alike. */
export function sideTexts(
  before: string | readonly string[],
  after: string | readonly string[],
): readonly [string, string] {
  const whole = [textOf(before), textOf(after)] as const;
  if (typeof before === 'string' || typeof after === 'string' || whole[0] === whole[1]) return whole;
  const alike = before.filter((one) => after.includes(one)).length;
  if (alike <= fewAlike) return whole;
  const side = (own: readonly string[], other: readonly string[]) =>
    [`(${alike} alike)`, ...own.filter((one) => !other.includes(one))].join('; ');
  const sides = [side(before, after), side(after, before)] as const;
  // In another order, or there more often.
  return sides[0] === sides[1] ? whole : sides;
}

/** So many are told again: they take no more room than saying so. */
const fewAlike = 2;

function textOf(fact: string | readonly string[]): string {
  if (typeof fact === 'string') return fact;
  return fact.length === 0 ? 'none' : fact.join('; ');
}
