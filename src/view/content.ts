import type { Grid } from './cells.ts';

/** What a panel says. */
export interface Content {
  readonly title: string;
  /** Said at the right end of the title row: the first of these that fits. */
  readonly notes?: readonly string[];
  readonly body: Grid;
  /** Where the body shows less than there is: how far it could be scrolled. */
  readonly scrollMost?: number;
}
