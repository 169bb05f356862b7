/** A run of neighbouring characters of one look. */
export interface PaintedRun {
  readonly text: string;
  /** #rrggbb of the characters. */
  readonly ink: string;
  /** #rrggbb behind them, where it is not the page's own. */
  readonly paper?: string;
  readonly bold?: boolean;
  readonly underlined?: boolean;
}

export type PaintedRow = readonly PaintedRun[];

/** What a picture shows: rows of coloured text in cells of one size, whether they come from our view or a terminal. */
export interface Picture {
  readonly columns: number;
  readonly rows: readonly PaintedRow[];
  /** #rrggbb of the page. */
  readonly background: string;
  /** What it is a picture of, in a few words. */
  readonly title: string;
  /** The same for those who cannot see it: the answer that it gives, in sentences. */
  readonly description: string;
}
