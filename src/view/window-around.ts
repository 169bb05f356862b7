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
