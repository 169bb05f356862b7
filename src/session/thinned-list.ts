/** A list without end in bounded room: all of it while it is short, then a random part of it, each item as likely as another. */
export interface ThinnedList<T> {
  add(items: readonly T[]): void;
  all(): readonly T[];
}

/**
 * Which ones stay does not hang on their order, so that items that take turns are not all of one kind; and it is the same
 * each time.
 */
export function createThinnedList<T>(capacity: number): ThinnedList<T> {
  let kept: { readonly item: T; readonly draw: number }[] = [];
  let added = 0;
  let part = 1;
  return {
    add(items) {
      for (const item of items) {
        const draw = drawOf(added);
        added += 1;
        if (draw < part) kept.push({ item, draw });
      }
      while (kept.length > capacity) {
        part /= 2;
        kept = kept.filter(({ draw }) => draw < part);
      }
    },
    all: () => kept.map(({ item }) => item),
  };
}

/** Numbers from 0 to 1, spread as if by chance (the last step of MurmurHash3). */
function drawOf(number: number): number {
  let mixed = Math.imul((number + 1) ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
