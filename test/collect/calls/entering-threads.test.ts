import { describe, expect, it } from 'vitest';
import { busiestEntering, createEnteringInTurn } from '../../../src/collect/calls/entering-threads.ts';

const rates = [5, 1, 3, 3, 3, 3].map((perMs, index) => ({
  fn: 'clock_gettime' as const,
  slot: 7,
  tid: 100 + index,
  perMs,
}));

describe('threads that enter', () => {
  it('are looked at by how often they do, all clocks together', () => {
    const other = { fn: 'gettimeofday' as const, slot: 0, tid: 101, perMs: 9 };
    expect(busiestEntering([...rates, other], 2)).toEqual([101, 100]);
  });

  it('come up in turn, the busiest always among them', () => {
    const choose = createEnteringInTurn();
    const rounds = Array.from({ length: 4 }, () => choose(rates, 4));
    expect(rounds.every((tids) => tids.length === 4 && tids.includes(100))).toBe(true);
    expect(new Set(rounds.flat())).toEqual(new Set([100, 101, 102, 103, 104, 105]));
  });

  it('are all looked at where there are few', () => {
    expect(createEnteringInTurn()(rates.slice(0, 3), 4)).toEqual([100, 102, 101]);
  });
});
