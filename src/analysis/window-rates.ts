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

/** `heldBack`: as WindowRate has it. */
export interface ThreadRate extends Interval {
  readonly heldBack: boolean;
}

/** The rate of one thread, or of all others than those that were looked at often, which are taken for alike. */
export interface RateOfPart {
  readonly rate: ThreadRate;
  readonly threads: number | { readonly othersThan: ReadonlySet<number> };
}

/**
 * The rates that make up that of all threads. `ofThread` may know more of a thread than these looks say. `tids`: threads that
 * other looks were of are taken for alike to those of few looks.
 */
export function ratesOfParts(
  looks: readonly WindowLook[],
  ofThread: RateOfThread,
  tids: ReadonlySet<number> = new Set(),
): readonly RateOfPart[] {
  const byThread = Map.groupBy(looks, ({ tid }) => tid);
  const often = [...byThread].filter(([, own]) => own.length >= fewWindows);
  const known = new Set(often.map(([tid]) => tid));
  const seldom = looks.filter(({ tid }) => !known.has(tid));
  const missing = [...tids].filter((tid) => !byThread.has(tid)).length;
  const parts = often.map(([tid, own]) => ({ rate: ofThread(tid, own), threads: tid }));
  if (seldom.length > 0)
    return [
      ...parts,
      { rate: rateOfMany(seldom, byThread.size - known.size + missing), threads: { othersThan: known } },
    ];
  return parts.map(({ rate, threads }) => ({ rate: scaled(rate, (byThread.size + missing) / byThread.size), threads }));
}

/** The rate over the threads that were looked at, with 95 % limits, by those of its parts; undefined where no window looked. */
export function sumOfParts(looks: readonly WindowLook[], parts: readonly ThreadRate[]): WindowRate | undefined {
  if (looks.length === 0) return undefined;
  const value = sum(parts.map((part) => part.value));
  return {
    value,
    low: Math.max(0, value - Math.hypot(...parts.map((part) => part.value - part.low))),
    high: value + Math.hypot(...parts.map((part) => part.high - part.value)),
    hits: sum(looks.map(({ hits }) => hits)),
    windows: looks.length,
    tids: new Set(looks.map(({ tid }) => tid)),
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
