import type { EntryRate } from './entry-rates.ts';

/** Those with most entries, the busiest first. */
export function busiestEntering(rates: readonly EntryRate[], most: number): readonly number[] {
  return byEntries(rates).slice(0, most);
}

/**
 * Half of them the busiest, the others in their turn: in a tree of processes that enter alike none is to be looked at for
 * ever, and none never.
 */
export function createEnteringInTurn(): (rates: readonly EntryRate[], most: number) => readonly number[] {
  let turn = 0;
  return (rates, most) => {
    const tids = byEntries(rates);
    if (tids.length <= most) return tids;
    const busiest = tids.slice(0, Math.ceil(most / 2));
    const others = tids.slice(busiest.length).sort((a, b) => a - b);
    const guests = Array.from({ length: most - busiest.length }, (_, at) => others[(turn + at) % others.length] ?? 0);
    turn += guests.length;
    return [...busiest, ...new Set(guests)];
  };
}

function byEntries(rates: readonly EntryRate[]): readonly number[] {
  const byThread = Map.groupBy(rates, ({ tid }) => tid);
  const sums = [...byThread].map(([tid, own]) => ({ tid, perMs: own.reduce((sum, { perMs }) => sum + perMs, 0) }));
  return sums.sort((a, b) => b.perMs - a.perMs).map(({ tid }) => tid);
}
