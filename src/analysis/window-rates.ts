import type { Interval } from '../model/interval.ts';
import { rateOfLooks } from './rate-of-looks.ts';
import { poissonInterval, sum } from './statistics.ts';
import type { WindowLook } from './window-look.ts';

/** vDSO calls a second of one kind that breakpoints tell of; `high` is Infinity where they do not bound it. */
export interface WindowRate extends Interval {
  readonly hits: number;
  readonly windows: number;
  /** Threads that were looked at. */
  readonly tids: ReadonlySet<number>;
  /** Windows were cut short by calls that are too dense: there may be more than they tell. */
  readonly heldBack: boolean;
}

/** Fewer windows of a thread than this have no spread of their own. */
const fewWindows = 4;

/** The rate of one thread by its looks, of which there are enough. */
export type RateOfThread = (tid: number, looks: readonly WindowLook[]) => ThreadRate;

/** What counts of the rate of one thread, or of all others than those that were looked at often, which are taken for alike. */
export type PartOfThreads = (
  rate: ThreadRate,
  threads: number | { readonly othersThan: ReadonlySet<number> },
) => ThreadRate;

/** `heldBack`: as WindowRate has it. */
export interface ThreadRate extends Interval {
  readonly heldBack: boolean;
}

const all: PartOfThreads = (rate) => rate;

/**
 * The rate over the threads that were looked at, with 95 % limits; undefined where no window looked. `ofThread` may know more
 * of a thread than these looks say. `tids`: threads that other looks were of are taken for alike to those of few looks.
 */
export function sumOfThreads(
  looks: readonly WindowLook[],
  ofThread: RateOfThread,
  partOf: PartOfThreads = all,
  tids: ReadonlySet<number> = new Set(),
): WindowRate | undefined {
  if (looks.length === 0) return undefined;
  const byThread = [...Map.groupBy(looks, ({ tid }) => tid)];
  const often = byThread
    .filter(([, own]) => own.length >= fewWindows)
    .map(([tid, own]) => partOf(ofThread(tid, own), tid));
  const seldom = byThread.filter(([, own]) => own.length < fewWindows).flatMap(([, own]) => own);
  const known = new Set(byThread.filter(([, own]) => own.length >= fewWindows).map(([tid]) => tid));
  const own = new Set(byThread.map(([tid]) => tid));
  const missing = [...tids].filter((tid) => !own.has(tid)).length;
  const pooled = seldom.length > 0 ? rateOfMany(seldom, own.size - known.size + missing) : undefined;
  const parts =
    pooled === undefined
      ? often.map((part) => scaled(part, (own.size + missing) / own.size))
      : [...often, partOf(pooled, { othersThan: known })];
  const value = sum(parts.map((part) => part.value));
  return {
    value,
    low: Math.max(0, value - Math.hypot(...parts.map((part) => part.value - part.low))),
    high: value + Math.hypot(...parts.map((part) => part.high - part.value)),
    hits: sum(looks.map(({ hits }) => hits)),
    windows: looks.length,
    tids: own,
    heldBack: parts.some(({ heldBack }) => heldBack),
  };
}

/** Threads too many to be looked at often: each is taken for one of a kind, and their number for what it is. */
function rateOfMany(looks: readonly WindowLook[], threads: number): ThreadRate {
  return scaled(looks.length >= fewWindows ? rateOfLooks(looks) : rateOfFew(looks), threads);
}

function scaled({ value, low, high, heldBack }: ThreadRate, by: number): ThreadRate {
  return { value: value * by, low: low * by, high: high * by, heldBack };
}

/** Windows too few to have a spread: as many calls as were caught are certain, and nothing more. */
function rateOfFew(looks: readonly WindowLook[]): ThreadRate {
  const seconds = sum(looks.map((look) => look.seconds));
  const { value, low, high } = poissonInterval(sum(looks.map(({ hits }) => hits)));
  return {
    value: value / seconds,
    low: low / 2 / seconds,
    high: value === 0 ? high / seconds : Number.POSITIVE_INFINITY,
    heldBack: looks.some(({ cutShort }) => cutShort),
  };
}
