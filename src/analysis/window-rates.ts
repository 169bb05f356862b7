import type { Interval } from '../model/interval.ts';
import { rateOfLooks } from './rate-of-looks.ts';
import { poissonInterval } from './statistics.ts';
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

/**
 * The rate over the threads that were looked at, with 95 % limits; undefined where no window looked. `ofThread` may know more
 * of a thread than these looks say.
 */
export function sumOfThreads(looks: readonly WindowLook[], ofThread: RateOfThread): WindowRate | undefined {
  if (looks.length === 0) return undefined;
  const byThread = [...Map.groupBy(looks, ({ tid }) => tid)];
  const often = byThread.filter(([, own]) => own.length >= fewWindows).map(([tid, own]) => ofThread(tid, own));
  const seldom = byThread.filter(([, own]) => own.length < fewWindows).flatMap(([, own]) => own);
  const parts = seldom.length === 0 ? often : [...often, rateOfMany(seldom)];
  const value = sum(parts.map((part) => part.value));
  return {
    value,
    low: Math.max(0, value - Math.hypot(...parts.map((part) => part.value - part.low))),
    high: value + Math.hypot(...parts.map((part) => part.high - part.value)),
    hits: sum(looks.map(({ hits }) => hits)),
    windows: looks.length,
    tids: new Set(byThread.map(([tid]) => tid)),
    heldBack: parts.some(({ heldBack }) => heldBack),
  };
}

/** Threads too many to be looked at often: each is taken for one of a kind, and their number for what it is. */
function rateOfMany(looks: readonly WindowLook[]): ThreadRate {
  const threads = new Set(looks.map(({ tid }) => tid)).size;
  const one = looks.length >= fewWindows ? rateOfLooks(looks) : rateOfFew(looks);
  return { value: one.value * threads, low: one.low * threads, high: one.high * threads, heldBack: one.heldBack };
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
