import type { PriceNs } from '../../model/prices.ts';
import type { Basis } from '../basis.ts';
import type { ClockRead } from '../clock-read.ts';
import { type ClockEntry, clockEntry } from '../clock-table.ts';
import { mapKnown, orElse, unavailable } from '../known.ts';
import { unwatchedPrice } from '../prices.ts';
import type { ServedClock } from '../vdso-service.ts';
import type { Facts } from './facts.ts';
import type { TargetReadings } from './target-facts.ts';
import { trustedCounts } from './trusted-counts.ts';

/** One clock's entries, for the rules about a clock id. */
export interface EnteredClock {
  readonly clock: ClockEntry;
  readonly read: ClockRead;
  readonly seconds: number;
  readonly count: number;
  readonly perSecond: number;
}

/** What rules may ask about one clock: of the target and the host all, and of the clock. */
export interface ClockReadings extends TargetReadings {
  readonly 'entries of this clock': EnteredClock;
  /** Whether the vDSO of vdsotop's own process serves this clock. */
  readonly 'this clock by the vDSO': ServedClock;
  /** Unwatched price of the clock that tells the same time, by vDSO; only for clocks that have one. */
  readonly 'price of its twin': PriceNs;
}

export function clockFacts(facts: Facts<TargetReadings>, basis: Basis, read: ClockRead): Facts<ClockReadings> {
  const clock = clockEntry(read.slot);
  return {
    ...facts,
    'entries of this clock': mapKnown(trustedCounts(basis), ({ seconds }) => ({
      clock,
      read,
      seconds,
      count: orElse(read.entries, 0),
      perSecond: orElse(read.perSecond, 0),
    })),
    'this clock by the vDSO': read.served,
    'price of its twin':
      clock.twin === undefined
        ? unavailable('unsupported', 'no other clock tells the same time')
        : unwatchedPrice(basis.prices, { call: 'clock_gettime', clockId: clock.twin, path: 'vdso' }),
  };
}
