import { type ClockRow, firstRow } from './clock-rows.ts';

/** The row that was chosen, or the one a person looks at first. */
export function clockLookedAt(clocks: readonly ClockRow[], selected: string | undefined): ClockRow | undefined {
  return clocks.find(({ key }) => key === selected) ?? firstRow(clocks);
}
