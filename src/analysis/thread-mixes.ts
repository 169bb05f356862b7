import type { EntryFunction } from '../model/clock-calls.ts';
import type { Window } from '../model/snapshot.ts';
import { type ClockMix, mixOfClocks } from './clock-mix.ts';
import { hitPrices } from './hit-prices.ts';

/** What clocks threads ask for; undefined where no call of theirs was told apart. */
export interface ThreadMixes {
  readonly all: ClockMix | undefined;
  /** What one thread asks for tells nothing of others. */
  ofThread(tid: number): ClockMix | undefined;
  ofOthersThan(tids: ReadonlySet<number>): ClockMix | undefined;
}

/** A function that takes no clock id is of one clock, whose calls need no telling apart. */
const oneClock: ClockMix = {
  slots: new Map([[0, { value: 1, low: 1, high: 1 }]]),
  unseen: { value: 0, low: 0, high: 0 },
  isOpen: false,
};

/** `weights`: how much each thread calls, as mixOfClocks has them. */
export function threadMixes(window: Window, fn: EntryFunction, weights: ReadonlyMap<number, number>): ThreadMixes {
  if (fn !== 'clock_gettime') return { all: oneClock, ofThread: () => oneClock, ofOthersThan: () => oneClock };
  const nsPerHit = hitPrices(window);
  const caughtOf = Map.groupBy(window.fastWindows, ({ tid }) => tid);
  const countedOf = Map.groupBy(window.fastCounts, ({ tid }) => tid);
  const mixOf = (tids: Iterable<number>) => {
    const own = [...tids];
    const seen = {
      caught: own.flatMap((tid) => caughtOf.get(tid) ?? []),
      counted: own.flatMap((tid) => countedOf.get(tid) ?? []),
      nsPerHit,
    };
    return mixOfClocks(
      seen,
      fn,
      new Map(own.flatMap((tid) => (weights.has(tid) ? [[tid, weights.get(tid) ?? 0]] : []))),
    );
  };
  return {
    all: mixOfClocks({ caught: window.fastWindows, counted: window.fastCounts, nsPerHit }, fn, weights),
    ofThread: (tid) => mixOf([tid]),
    ofOthersThan: (tids) => mixOf(new Set([...caughtOf.keys(), ...countedOf.keys()].filter((tid) => !tids.has(tid)))),
  };
}
