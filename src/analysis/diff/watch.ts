import type { Report } from '../../model/report.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** A stretch of watching to be compared with another: what was seen, and its judgement. */
export interface Watch {
  /** A file's name, or 'pid 4711, live'. */
  readonly label: string;
  /** Consecutive, oldest first, never empty; of one window, so that counters are comparable. */
  readonly snapshots: readonly Snapshot[];
  /** Where prices of more than that count: they are timed seldom, and change seldom. Of the same form. */
  readonly pricedOver?: readonly Snapshot[];
  /** Of the same stretch. */
  readonly report: Report;
}
