import type { Report } from '../../model/report.ts';
import type { Basis } from '../basis.ts';
import type { Sight } from '../judge-reads.ts';
import type { Judged } from '../judge-rules.ts';

/** All that a headline is made of. */
export interface Scene {
  readonly basis: Basis;
  readonly sight: Sight;
  readonly judged: readonly Judged[];
  readonly verdict: Report['verdict'];
  readonly idle: boolean;
}
