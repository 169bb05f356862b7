import { type BreakpointPace, createBreakpointPace } from './breakpoint-pace.ts';
import { limitsOfCatching, limitsOfCounting } from './pace-limits.ts';
import type { PriceOfHits } from './price-of-hits.ts';

/** Of the budget; nothing else tells whose calls they are. */
const partForCatching = 0.55;

/** Rounds of one kind: when the next is due, milliseconds after the start. */
export interface WindowTurn {
  readonly catches: boolean;
  readonly pace: BreakpointPace;
  dueMs: number;
}

/** Catching comes first: it tells who calls. */
export function windowTurns({
  budget,
  hitPrice: { caughtNs, countedNs },
  events,
}: {
  readonly budget: number;
  readonly hitPrice: PriceOfHits;
  readonly events: number;
}): readonly WindowTurn[] {
  const part = countedNs === undefined ? 1 : partForCatching;
  const catching = createBreakpointPace(budget * part, caughtNs, events, limitsOfCatching);
  const counting = countedNs && createBreakpointPace(budget * (1 - part), countedNs, events, limitsOfCounting);
  return [
    { catches: true, pace: catching, dueMs: 0 },
    ...(counting === undefined || counting === 0 ? [] : [{ catches: false, pace: counting, dueMs: 1 }]),
  ];
}
