import type { ClockSlot, EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow, FastWindowFunction } from '../model/fast-reads.ts';
import type { Interval } from '../model/interval.ts';
import { isCutInBurst } from './is-cut-in-burst.ts';
import { relativeSpread, shareInterval } from './statistics.ts';
import { slotNotToldApart } from './tells-clocks-apart.ts';

/** What part of a function's calls asks for each clock, as breakpoints told them apart; with 95 % limits. */
export interface ClockMix {
  readonly slots: ReadonlyMap<ClockSlot, Interval>;
  /** For a clock of which no call was caught. */
  readonly unseen: Interval;
  /** Only the beginnings of bursts were seen: what they go on with is not known. */
  readonly isOpen: boolean;
}

/** Calls of one window are alike: so many of them are worth one that was drawn by itself, at least. */
const alike = 1.5;

/** Where more of the windows than this saw only how bursts begin, of the rest of the calls is not known what they ask for … */
const cutInBursts = 0.1;
/** … unless they were used up by calls that come evenly: the spread of their rates, relative to the mean … */
const evenSpread = 0.2;
/** … over at least so many of them: a few may agree by chance. */
const evenWindows = 8;
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
  const looks = looksAt(caught, fn, nsPerHit.caught);
  const whole = looksAt(counted, fn, nsPerHit.counted).filter(({ drawn }) => drawn > 0);
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
function showMore(looks: readonly Look[], others: readonly Look[]): boolean {
  const known = slotsOf(others);
  return [...slotsOf(looks)].some((slot) => !known.has(slot));
}

function slotsOf(looks: readonly Look[]): ReadonlySet<ClockSlot> {
  return new Set(looks.flatMap(({ hits }) => hits.map(({ slot }) => slot)));
}

function mixOf(looks: readonly Look[], weights: ReadonlyMap<number, number>): ClockMix | undefined {
  const caught = looks.reduce((sum, { drawn }) => sum + drawn, 0);
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
  const slots = slotsOf(looks);
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
        return [slot, limits(only ? 1 : share, squares / total ** 2)] as const;
      }),
    ),
    unseen: limits(0, 0),
    isOpen: false,
  };
}

interface Look {
  readonly tid: number;
  /** All calls, and by slot. */
  readonly all: number;
  readonly hits: FastWindowFunction['hits'];
  /** How many of them were told apart. */
  readonly drawn: number;
  readonly isCut: boolean;
  readonly perMs: number;
}

function looksAt(windows: readonly FastWindow[], fn: EntryFunction, nsPerHit: number): readonly Look[] {
  return windows.flatMap(({ tid, functions }) =>
    functions.filter((one) => one.fn === fn && one.hits.length > 0).map((one) => lookOf(tid, one, nsPerHit)),
  );
}

function lookOf(tid: number, one: FastWindowFunction, nsPerHit: number): Look {
  const all = countsOf(one.hits);
  const isCounted = one.hits.some(({ slot }) => slot === slotNotToldApart);
  const told = isCounted ? (one.sampled ?? []) : one.hits;
  const drawn = countsOf(told);
  const hits = told.map(({ slot, count }) => ({ slot, count: (count * all) / Math.max(1, drawn) }));
  const perMs = all / (one.usedUpAfterMs ?? Number.POSITIVE_INFINITY);
  return { tid, all, hits, drawn, isCut: isCutInBurst(one, nsPerHit), perMs };
}

function seesBeginnings(looks: readonly Look[]): boolean {
  const cut = looks.filter(({ isCut }) => isCut);
  if (cut.length <= cutInBursts * looks.length) return false;
  // Those that were used up soon count too, or only the ones that waited as long for a burst were asked.
  const rates = looks.map(({ perMs }) => perMs).filter((perMs) => perMs > 0);
  // One that says it was used up at once makes a spread that is no number, and not an even one.
  return rates.length < evenWindows || !(relativeSpread(rates) <= evenSpread);
}

function countsOf(hits: readonly { readonly count: number }[]): number {
  return hits.reduce((sum, { count }) => sum + count, 0);
}
