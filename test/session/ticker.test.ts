import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTicker } from '../../src/session/ticker.ts';

const moments = [100, 350, 700] as const;

/** As a session ticks: the first ones at their moments, later ones 500 ms after the one before. */
function startTicker(task: () => Promise<boolean>) {
  const ticker = createTicker(task, (runs, ranMs) => {
    const dueMs = moments[runs];
    return dueMs === undefined ? 500 : Math.max(0, dueMs - ranMs);
  });
  ticker.start();
  return ticker;
}

describe('a ticker', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps to its first moments however long a task takes', async () => {
    const startedMs = performance.now();
    const ran: number[] = [];
    const ticker = startTicker(async () => {
      ran.push(performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, 90));
      return true;
    });
    await vi.advanceTimersByTimeAsync(2_000);
    ticker.stop();
    expect(ran).toEqual([100, 350, 700, 1_290, 1_880]);
  });

  it('runs a task that came too late at once, and one at a time', async () => {
    const startedMs = performance.now();
    const ran: number[] = [];
    const ticker = startTicker(async () => {
      ran.push(performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, 400));
      return ran.length < 3;
    });
    await vi.advanceTimersByTimeAsync(5_000);
    ticker.stop();
    // A timer of 0 ms is one of 1 ms (setTimeout of Node).
    expect(ran).toEqual([100, 501, 902]);
  });
});
