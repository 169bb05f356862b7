import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow, FastWindowFunction } from '../model/fast-reads.ts';
import type { Interval } from '../model/interval.ts';
import { isCutInBurst } from './is-cut-in-burst.ts';
import { meanOf, shareInterval, varianceOf } from './statistics.ts';

/** What part of a function's calls asks for each clock, as breakpoints caught them; with 95 % limits. */
export interface ClockMix {
  readonly slots: ReadonlyMap<ClockSlot, Interval>;
  /** For a clock of which no call was caught. */
  readonly unseen: Interval;
}

/** Calls of one window are alike: so many of them are worth one that was drawn by itself, at least. */
const alike = 1.5;

/** Where more of the windows than this saw only how bursts begin, of the rest of the calls is not known what they ask for … */
const cutInBursts = 0.1;
/** … unless they were used up by calls that come evenly: the spread of their rates, relative to the mean. */
const evenSpread = 0.2;
const anyPart: Interval = { value: 0, low: 0, high: 1 };

/**
 * `weights`: how much each thread calls (its samples in [vdso]); a window catches as many calls of a calm thread as of a
 * busy one, and threads that no window looked at may call anything. Undefined where no call was caught.
 */
export function mixOfClocks(
  windows: readonly FastWindow[],
  fn: EntryFunction,
  weights: ReadonlyMap<number, number>,
  nsPerHit: number,
): ClockMix | undefined {
  const looks = windows.flatMap(({ tid, functions }) =>
    functions.filter((one) => one.fn === fn && one.hits.length > 0).map((one) => lookOf(tid, one, nsPerHit)),
  );
  const cut = looks.filter(({ isCut }) => isCut);
  const seesBeginnings = cut.length > cutInBursts * looks.length && !areEven(cut.map(({ perMs }) => perMs));
  const caught = looks.reduce((sum, { all }) => sum + all, 0);
  if (caught === 0) return undefined;
  const ofThread = new Map<number, number>();
  for (const { tid, all } of looks) ofThread.set(tid, (ofThread.get(tid) ?? 0) + all);
  const known = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const watched = [...weights].filter(([tid]) => ofThread.has(tid)).reduce((sum, [, weight]) => sum + weight, 0);
  const unwatched = known > 0 ? 1 - watched / known : 0;
  /** Per caught call. */
  const weightOf = (tid: number) =>
    (watched > 0 ? (weights.get(tid) ?? 0) : (ofThread.get(tid) ?? 0)) / (ofThread.get(tid) ?? 1);
  const weighed = looks.map(({ tid, hits, all }) => ({ hits, all: all * weightOf(tid), weight: weightOf(tid) }));
  const total = weighed.reduce((sum, { all }) => sum + all, 0);
  const limits = (share: number, spread: number): Interval => {
    const drawn = spread > 0 ? (share * (1 - share)) / spread : Number.POSITIVE_INFINITY;
    const { low, high } = shareInterval(share, Math.min(drawn, caught / alike));
    return { value: share, low: low * (1 - unwatched), high: Math.min(1, high * (1 - unwatched) + unwatched) };
  };
  const slots = new Set(looks.flatMap(({ hits }) => hits.map(({ slot }) => slot)));
  const only = slots.size === 1;
  return {
    slots: new Map(
      [...slots].map((slot) => {
        const parts = weighed.map(({ hits, all, weight }) => ({
          all,
          own: weight * countsOf(hits.filter((hit) => hit.slot === slot)),
        }));
        const share = parts.reduce((sum, { own }) => sum + own, 0) / total;
        const squares = parts.reduce((sum, { own, all }) => sum + (own - share * all) ** 2, 0);
        const told = limits(only ? 1 : share, squares / total ** 2);
        // Where one clock alone was ever caught, nothing speaks for another behind it.
        return [slot, seesBeginnings && !only ? { ...anyPart, value: told.value } : told] as const;
      }),
    ),
    unseen: seesBeginnings ? anyPart : limits(0, 0),
  };
}

function lookOf(tid: number, one: FastWindowFunction, nsPerHit: number) {
  const all = countsOf(one.hits);
  const perMs = all / (one.usedUpAfterMs ?? Number.POSITIVE_INFINITY);
  return { tid, hits: one.hits, all, isCut: isCutInBurst(one, nsPerHit), perMs };
}

function areEven(rates: readonly number[]): boolean {
  return Math.sqrt(varianceOf(rates)) <= evenSpread * meanOf(rates);
}

function countsOf(hits: readonly { readonly count: number }[]): number {
  return hits.reduce((sum, { count }) => sum + count, 0);
}
