import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Interval } from '../model/interval.ts';
import { type ClockLook, clockLooks } from './clock-looks.ts';
import { limitsOfAll, limitsOfShare } from './limits-of-share.ts';
import { mixOverThreads } from './mix-over-threads.ts';
import { seesBeginnings } from './sees-beginnings.ts';
import { ratioVariance, sum } from './statistics.ts';

/** What part of a function's calls asks for each clock, as breakpoints told them apart; with 95 % limits. */
export interface ClockMix {
  readonly slots: ReadonlyMap<ClockSlot, Interval>;
  /** For a clock of which no call was caught. */
  readonly unseen: Interval;
  /** Only the beginnings of bursts were seen: what they go on with is not known. */
  readonly isOpen: boolean;
}

const anyPart: Interval = { value: 0, low: 0, high: 1 };

/** What windows saw of one function. */
interface SeenCalls {
  /** Those that caught each call: of bursts that are longer than their bound, the beginnings. */
  readonly caught: readonly FastWindow[];
  /** Those that counted the calls and told some of them apart, from the first to the last. */
  readonly counted: readonly FastWindow[];
  /** What a hit takes in the ones and in the others. */
  readonly nsPerHit: { readonly caught: number; readonly counted: number };
}

/**
 * `weights`: how much each thread calls (its samples in [vdso]); a window catches as many calls of a calm thread as of a
 * busy one, and threads that no window looked at may call anything. Undefined where no call was caught.
 */
export function mixOfClocks(
  { caught, counted, nsPerHit }: SeenCalls,
  fn: EntryFunction,
  weights: ReadonlyMap<number, number>,
): ClockMix | undefined {
  const looks = clockLooks(caught, fn, nsPerHit.caught);
  const whole = clockLooks(counted, fn, nsPerHit.counted).filter(({ drawn }) => drawn > 0);
  if (!seesBeginnings(looks)) return mixOf(showMore(whole, looks) ? [...looks, ...whole] : looks, weights);
  const mix = mixOf(whole, weights);
  if (mix !== undefined && !seesBeginnings(whole)) return mix;
  const beginnings = mix ?? mixOf(looks, weights);
  return beginnings && openMix(beginnings);
}

/** Where one clock alone was ever caught it is likely to be all of it, and nothing says that it must. */
function openMix({ slots }: ClockMix): ClockMix {
  const open = [...slots].map(([slot, { value }]) => [slot, { ...anyPart, value }] as const);
  return { slots: new Map(open), unseen: anyPart, isOpen: true };
}

/** Whether they tell of a clock that the others do not. */
function showMore(looks: readonly ClockLook[], others: readonly ClockLook[]): boolean {
  const known = slotsOf(others);
  return [...slotsOf(looks)].some((slot) => !known.has(slot));
}

function slotsOf(looks: readonly ClockLook[]): ReadonlySet<ClockSlot> {
  return new Set(looks.flatMap(({ hits }) => hits.map(({ slot }) => slot)));
}

function mixOf(looks: readonly ClockLook[], weights: ReadonlyMap<number, number>): ClockMix | undefined {
  const caught = looks.reduce((sum, { drawn }) => sum + drawn, 0);
  if (caught === 0) return undefined;
  const ofThread = new Map<number, number>();
  for (const { tid, all } of looks) ofThread.set(tid, (ofThread.get(tid) ?? 0) + all);
  const known = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const watched = [...weights].filter(([tid]) => ofThread.has(tid)).reduce((sum, [, weight]) => sum + weight, 0);
  const looked = known > 0 ? watched / known : 1;
  /** Per caught call. */
  const weightOf = (tid: number) =>
    (watched > 0 ? (weights.get(tid) ?? 0) : (ofThread.get(tid) ?? 0)) / (ofThread.get(tid) ?? 1);
  const weighed = looks.map(({ tid, hits, all }) => ({ hits, all: all * weightOf(tid), weight: weightOf(tid) }));
  const total = weighed.reduce((sum, { all }) => sum + all, 0);
  const limits = (share: number, spread: number, ofThreads: readonly number[] = []): Interval => {
    const byCalls = limitsOfShare(share, spread, caught);
    return {
      value: share,
      ...limitsOfAll(watched > 0 ? mixOverThreads(byCalls, ofThreads, watched) : byCalls, looked),
    };
  };
  const slots = slotsOf(looks);
  const byThread = [...Map.groupBy(looks, ({ tid }) => tid)].map(([tid, own]) => ({
    own,
    all: ofThread.get(tid) ?? 1,
  }));
  const only = slots.size === 1;
  return {
    slots: new Map(
      [...slots].map((slot) => {
        const parts = weighed.map(({ hits, all, weight }) => ({
          all,
          own: weight * callsOf({ hits }, slot),
        }));
        const share = parts.reduce((sum, { own }) => sum + own, 0) / total;
        const ofThreads = byThread.map(({ own, all }) => own.reduce((sum, look) => sum + callsOf(look, slot), 0) / all);
        return [slot, limits(only ? 1 : share, ratioVariance(parts, share), ofThreads)] as const;
      }),
    ),
    unseen: limits(0, 0),
    isOpen: false,
  };
}

function callsOf({ hits }: Pick<ClockLook, 'hits'>, slot: ClockSlot): number {
  return sum(hits.filter((hit) => hit.slot === slot).map(({ count }) => count));
}
