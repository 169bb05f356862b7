import { describe, expect, it } from 'vitest';
import { longestWaitMs, waitExactly } from '../../../src/collect/calls/wait-exactly.ts';

describe('waitExactly', () => {
  it('stands still until then, and looks around meanwhile', () => {
    let looks = 0;
    const untilMs = performance.now() + 20;
    waitExactly(untilMs, () => {
      looks += 1;
      expect(performance.now()).toBeLessThan(untilMs);
    });
    expect(performance.now()).toBeGreaterThanOrEqual(untilMs);
    expect(looks).toBeGreaterThan(2);
  });

  it('does not stand still for longer than nobody notices, nor for what is over', () => {
    const startedMs = performance.now();
    const never = () => expect.unreachable();
    waitExactly(startedMs + 100 * longestWaitMs, never);
    waitExactly(startedMs - 1, never);
    expect(performance.now()).toBeLessThan(startedMs + 50 * longestWaitMs);
  });
});
