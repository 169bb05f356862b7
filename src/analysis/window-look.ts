import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import { isCutInBurst } from './is-cut-in-burst.ts';

/** What a hit takes from a thread, and by what factor the true price may be more. */
export interface HitPrice {
  readonly ns: number;
  readonly slack: number;
}

/** What one window says of one kind of call: calls a second if hits do not slow the caller, and if they do. */
export interface WindowLook {
  readonly tid: number;
  readonly hits: number;
  /** How long it looked, and was to look. */
  readonly seconds: number;
  readonly plannedSeconds: number;
  readonly paced: number;
  readonly slowed: number;
  /** Its bound ended it, or it might as well have. */
  readonly cutShort: boolean;
  /** It met calls of that function, of this kind or another. */
  readonly metCalls: boolean;
  /** The beginning of a burst ended it: whether that kind of call would have come later in it was not seen. */
  readonly cutInBurst: boolean;
}

/** Hits cannot follow each other faster than they take: such a window was not armed when it says so. */
const leastHitPart = 0.3;
/** A window that hits fill to this part held a burst back, which may not have ended in it: it is as if cut short. */
const crowdedPart = 0.4;
/** Of a window, what must be left beside the hits for the rest to be told from nothing. */
const leastLeft = 0.1;

/** Nothing where the window did not look for that function. `slot`: the calls of one clock; absent, all of them. */
export function lookOf(
  { tid, armedMs, functions }: FastWindow,
  { ns, slack }: HitPrice,
  fn: EntryFunction,
  slot?: ClockSlot,
): readonly WindowLook[] {
  const own = functions.find((one) => one.fn === fn);
  if (own === undefined) return [];
  const usedUp = own.usedUpAfterMs !== undefined;
  const seconds = (own.usedUpAfterMs ?? armedMs) / 1_000;
  const hits = countOf(own.hits.filter((hit) => slot === undefined || hit.slot === slot));
  const mine = countOf(own.hits);
  if (!(seconds > 0) || (usedUp && seconds * 1e9 < mine * ns * leastHitPart)) return [];
  // The last hit ended the window: it is no call of the time before.
  const counted = usedUp ? (hits * (mine - 1)) / Math.max(1, mine) : hits;
  const all = functions.reduce((sum, one) => sum + countOf(one.hits), 0);
  const left = seconds - (all * ns * slack) / 1e9;
  const slowed = counted === 0 ? 0 : left > leastLeft * seconds ? counted / left : Number.POSITIVE_INFINITY;
  const crowded = all * ns > crowdedPart * seconds * 1e9;
  const met = { metCalls: mine > 0, cutInBurst: isCutInBurst(own, ns) };
  const plannedSeconds = Math.max(seconds, armedMs / 1_000);
  return [
    { tid, hits, seconds, plannedSeconds, paced: counted / seconds, slowed, cutShort: usedUp || crowded, ...met },
  ];
}

function countOf(hits: readonly { readonly count: number }[]): number {
  return hits.reduce((sum, { count }) => sum + count, 0);
}
