import type { Interval } from '../../model/interval.ts';
import type { Known } from '../../model/reading.ts';
import { allReads, type Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { addKnown, isUnavailable, mapKnown, orElse } from '../known.ts';
import { hasEntered } from './has-entered.ts';
import { shareValue } from './share-value.ts';
import { trustedCounts } from './trusted-counts.ts';

/** Reads of one kind that entered the kernel in the window. */
export interface EnteredReads {
  readonly seconds: number;
  /** Names of what was read, dearest first; empty when none entered. */
  readonly names: readonly string[];
  readonly perSecond: number;
  readonly coreShare: Known<Interval>;
  /** Whether vDSO calls of the same kinds were caught. */
  readonly callsCaught: boolean;
  /** Whether so few vDSO calls can have been made that most entries were made past the vDSO. */
  readonly madePast: boolean;
  readonly reads: readonly ClockRead[];
}

/** Those of the reads that belong; unavailable where it is not told of one of them whether it entered. */
export function enteredReads(basis: Basis, belongs: (read: ClockRead) => boolean): Known<EnteredReads> {
  const untold = allReads(basis)
    .filter(belongs)
    .map(({ entries }) => entries)
    .find(isUnavailable);
  const counted = trustedCounts(basis);
  return mapKnown(isUnavailable(counted) ? counted : (untold ?? counted), ({ seconds }) => {
    const reads = allReads(basis)
      .filter((read) => belongs(read) && hasEntered(read))
      .sort((a, b) => shareValue(b) - shareValue(a));
    const perSecond = reads.reduce((sum, read) => sum + orElse(read.perSecond, 0), 0);
    return {
      seconds,
      names: reads.map(({ name }) => name),
      perSecond,
      coreShare: addKnown(reads.map(({ coreShare }) => coreShare)),
      callsCaught: reads.some(({ hits }) => orElse(hits, 0) > 0),
      madePast: perSecond > 0 && reads.reduce((sum, { calls }) => sum + calls.high, 0) < perSecond / 2,
      reads,
    };
  });
}
