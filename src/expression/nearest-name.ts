/** '; is BOOTTIME meant?', of names that are two letters away at most. */
export function nearestName(wrong: string, names: readonly string[]): string {
  const ranked = names.map((name) => ({ name, far: distance(wrong.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.toSorted((a, b) => a.far - b.far)[0];
  return best === undefined || best.far > 2 ? '' : `; is ${best.name} meant?`;
}

/** Letters to put in, take out or change (Levenshtein 1966). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (letter === to[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
