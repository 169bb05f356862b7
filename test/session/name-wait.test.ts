import { describe, expect, it } from 'vitest';
import type { ResolvedCall } from '../../src/collect/code-places/call-site-resolver.ts';
import { createNameWait } from '../../src/session/name-wait.ts';

const named: ResolvedCall = { place: { address: '1000', kind: 'vdso' }, callers: [], foundBy: 'none' };
const awaited: ResolvedCall = { ...named, nameAwaited: true };

describe('createNameWait', () => {
  it('puts off only what has a name on its way, and gives it back once', () => {
    const wait = createNameWait<number>();
    expect([wait.putsOff(1, awaited), wait.putsOff(2, named), wait.putsOff(3, awaited)]).toEqual([true, false, true]);
    expect(wait.length).toBe(2);
    expect(wait.take()).toEqual([1, 3]);
    expect(wait.take()).toEqual([]);
  });

  it('does not wait for ever, and waits anew for the next name', () => {
    const wait = createNameWait<number>();
    let rounds = 0;
    while (wait.putsOff(1, awaited)) {
      rounds += 1;
      wait.take();
    }
    expect(rounds).toBe(11);
    wait.take();
    expect(wait.putsOff(2, awaited)).toBe(true);
  });

  it('keeps a bounded number', () => {
    const wait = createNameWait<number>();
    const kept = Array.from({ length: 5_000 }, (_, call) => wait.putsOff(call, awaited)).filter((put) => put);
    expect(kept.length).toBe(1_024);
  });
});
