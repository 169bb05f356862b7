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
 * The rates that make up that of all threads. `ofThread` may know more of a thread than these looks say. `others`: looks of
 * the other kind of window. Threads that only those were of are silent where none of them met a call, and else are taken for
 * alike to those of few looks, none of whose calls are certain of them.
 */
export function ratesOfParts(
  looks: readonly WindowLook[],
  ofThread: RateOfThread,
  others: readonly WindowLook[] = [],
): readonly RateOfPart[] {
  if (looks.length === 0) return [];
  const { silent, missing } = lookedAtByOthers(looks, others);
  const all = [...looks, ...silent];
  const byThread = Map.groupBy(all, ({ tid }) => tid);
  const often = [...byThread].filter(([, own]) => own.length >= fewWindows);
  const known = new Set(often.map(([tid]) => tid));
  const seldom = all.filter(({ tid }) => !known.has(tid));
  const parts = often.map(([tid, own]) => ({ rate: ofThread(tid, own), threads: tid }));
  if (seldom.length > 0) return [...parts, { rate: rateOfMany(seldom, missing), threads: { othersThan: known } }];
  return parts.map(({ rate, threads }) => ({ rate: withMissing(rate, byThread.size, missing), threads }));
}

function lookedAtByOthers(looks: readonly WindowLook[], others: readonly WindowLook[]) {
  const tids = new Set(looks.map(({ tid }) => tid));
  const byThread = [...Map.groupBy(others, ({ tid }) => tid)].filter(([tid]) => !tids.has(tid));
  const silent = byThread.filter(([, own]) => own.every(({ metCalls }) => !metCalls));
  return { silent: silent.flatMap(([, own]) => own), missing: byThread.length - silent.length };
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

/**
 * Threads too many to be looked at often: each is taken for one of a kind, and their number for what it is. Of two or three
 * that are not alike, no window of one tells of another. `missing`: as many more that were not looked at.
 */
function rateOfMany(looks: readonly WindowLook[], missing: number): ThreadRate {
  const byThread = [...Map.groupBy(looks, ({ tid }) => tid).values()];
  const areOfAKind = byThread.length >= fewWindows || looks.every(({ hits }) => hits > 0);
  const rate =
    looks.length < fewWindows || !areOfAKind ? rateOfFew(looks, byThread) : scaled(rateOfLooks(looks), byThread.length);
  return withMissing(rate, byThread.length, missing);
}

/** Of threads that were not looked at nothing is certain. */
function withMissing(rate: ThreadRate, threads: number, missing: number): ThreadRate {
  return { ...scaled(rate, (threads + missing) / threads), low: rate.low };
}

function scaled({ value, low, high, heldBack }: ThreadRate, by: number): ThreadRate {
  return { value: value * by, low: low * by, high: high * by, heldBack };
}

/** Windows too few to have a spread: as many calls as were caught are certain, and nothing more. */
function rateOfFew(looks: readonly WindowLook[], byThread: readonly (readonly WindowLook[])[]): ThreadRate {
  const ofThreads = byThread.map(callsPerSecond);
  const value = sum(ofThreads.map((one) => one.value));
  return {
    value,
    low: sum(ofThreads.map(({ low }) => low)) / 2,
    high: value === 0 ? callsPerSecond(looks).high * byThread.length : Number.POSITIVE_INFINITY,
    heldBack: looks.some(({ cutShort }) => cutShort),
  };
}

function callsPerSecond(looks: readonly WindowLook[]): Interval {
  const seconds = sum(looks.map((look) => look.seconds));
  const { value, low, high } = poissonInterval(sum(looks.map(({ hits }) => hits)));
  return { value: value / seconds, low: low / seconds, high: high / seconds };
}
