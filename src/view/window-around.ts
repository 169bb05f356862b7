import type { ClockRow } from './clock-rows.ts';

/** At most `height` rows with the selected one among them. */
export function windowAround(
  rows: readonly ClockRow[],
  selected: string | undefined,
  height: number,
): readonly ClockRow[] {
  const at = Math.max(
    rows.findIndex(({ key }) => key === selected),
    0,
  );
  const first = Math.min(Math.max(at - Math.floor(height / 2), 0), Math.max(rows.length - height, 0));
  return rows.slice(first, first + Math.max(height, 0));
}

/** '1–10 of 11'; empty where all are shown. */
export function partShown(rows: readonly ClockRow[], shown: readonly ClockRow[]): string {
  const first = rows.findIndex(({ key }) => key === shown[0]?.key) + 1;
  return shown.length === rows.length ? '' : `${first}–${first + shown.length - 1} of ${rows.length}`;
}
