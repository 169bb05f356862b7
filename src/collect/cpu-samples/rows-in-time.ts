/** Rows of which a few change from one moment to the next, as they stood at many moments. */
export interface RowsInTime<T> {
  /** Puts a row in the place of the one there, or behind all others. Rows do not change themselves. */
  set(index: number, row: T): void;
  /** Tells the rows of this moment, whenever it is asked: until then they cost what has changed since the moment before. */
  now(): () => readonly T[];
}

interface Change<T> {
  readonly index: number;
  readonly row: T;
}

/** Changes that are kept behind one whole table: as many are gone through to tell a moment. */
const mostChanges = 1_024;

export function createRowsInTime<T>(): RowsInTime<T> {
  let table: readonly T[] = [];
  let changes: Change<T>[] = [];
  return {
    set(index, row) {
      if (changes.length >= mostChanges) {
        table = applied(table, changes, changes.length);
        changes = [];
      }
      changes.push({ index, row });
    },
    now() {
      const [before, since, count] = [table, changes, changes.length];
      return () => applied(before, since, count);
    },
  };
}

function applied<T>(table: readonly T[], changes: readonly Change<T>[], count: number): readonly T[] {
  const rows = [...table];
  for (let at = 0; at < count; at += 1) {
    const change = changes[at];
    if (change !== undefined) rows[change.index] = change.row;
  }
  return rows;
}
