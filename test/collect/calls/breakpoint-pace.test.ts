import { describe, expect, it } from 'vitest';
import { createBreakpointPace } from '../../../src/collect/calls/breakpoint-pace.ts';
import { limitsOfCatching, limitsOfCounting } from '../../../src/collect/calls/pace-limits.ts';

const budget = 0.0015;
const nsPerHit = 15_000;

/** Two minutes of a thread that calls so often where calls are never slowed by hits; hits and windows of all rounds. */
function watchSteady(callsPerMs: number, turnsPerMs = 0, limits = limitsOfCatching, share = budget, events = 4) {
  const pace = createBreakpointPace(share, nsPerHit, events, limits);
  let nowMs = 0;
  let early = 0;
  let rounds = 0;
  while (nowMs < 120_000) {
    const ms = pace.windowMs();
    const bound = pace.bounds()[0] ?? 0;
    const calls = Math.floor(callsPerMs * ms);
    const hits = Math.min(bound, calls);
    if (calls > bound) early += 1;
    rounds += 1;
    const first = { hits, ms: calls > bound ? bound / callsPerMs : ms };
    const idle = Array.from({ length: events - 1 }, () => ({ hits: 0, ms }));
    nowMs += ms;
    nowMs += pace.after([[first, ...idle]], turnsPerMs * ms, nowMs);
  }
  return { share: pace.spentNs() / (nowMs * 1e6), early: early / rounds, rounds, pace };
}

describe('the pace of breakpoints', () => {
  it.each([0, 0.01, 1, 20, 60, 1_000, 20_000])('stays within its budget at %d calls a millisecond', (callsPerMs) => {
    expect(watchSteady(callsPerMs).share).toBeLessThan(budget * 1.05);
  });

  it.each([20, 100])('counts %d turns of a thread a millisecond into its budget', (turnsPerMs) => {
    const { share, pace } = watchSteady(0, turnsPerMs);
    expect(share).toBeLessThan(budget * 1.05);
    expect(pace.windowMs()).toBeLessThan(250);
  });

  it.each([0.01, 1, 20])('seldom ends a window by its bound at %d calls a millisecond', (callsPerMs) => {
    expect(watchSteady(callsPerMs).early).toBeLessThan(0.05);
  });

  it.each([1, 20])('spends most of its budget where there is something to see: %d a millisecond', (callsPerMs) => {
    expect(watchSteady(callsPerMs).share).toBeGreaterThan(budget * 0.5);
  });

  it('looks about once a second, and long where nothing calls', () => {
    const { rounds, pace } = watchSteady(0);
    expect(rounds).toBeGreaterThan(90);
    expect(pace.windowMs()).toBe(250);
  });

  it('asks for no more hits than a ring holds', () => {
    const pace = createBreakpointPace(0.1, nsPerHit, 4, limitsOfCatching);
    for (let round = 0; round < 20; round += 1) {
      const ms = pace.windowMs();
      pace.after([pace.bounds().map((hits) => ({ hits, ms: ms / 3 }))], 0, round * 1_000);
      expect(pace.bounds().reduce((sum, bound) => sum + bound, 0)).toBeLessThanOrEqual(370);
      expect(Math.min(...pace.bounds())).toBeGreaterThan(0);
    }
  });

  it('looks in short windows where whole ones are dear and all tell about the same', () => {
    expect(watchSteady(30, 0, limitsOfCounting, budget / 3).pace.windowMs()).toBeLessThan(2.5);
    expect(watchSteady(3, 0, limitsOfCounting, budget / 3).pace.windowMs()).toBeGreaterThan(9);
  });

  it('looks in whole windows where bursts make them tell differently', () => {
    const pace = createBreakpointPace(budget / 3, nsPerHit, 1, limitsOfCounting);
    for (let round = 0; round < 40; round += 1) {
      const ms = pace.windowMs();
      pace.after([[{ hits: round % 2 === 0 ? 0 : 40 * ms, ms }]], 0, round * 10_000);
    }
    expect(pace.windowMs()).toBeGreaterThan(4);
  });

  it('does not wait for what it has not spent', () => {
    expect(createBreakpointPace(budget, nsPerHit, 1, limitsOfCatching).after([], 0, 10)).toBe(200);
    expect(createBreakpointPace(budget, nsPerHit, 1, limitsOfCatching).after([], 0, 10_000)).toBe(1_000);
  });

  it.each([5, 20, 40])(
    'looks several times in the first two seconds at %d calls a millisecond, each time for a moment',
    (perMs) => {
      const pace = createBreakpointPace(0.001, 8_000, 4, limitsOfCatching);
      const windows: number[] = [];
      for (let nowMs = 0; nowMs < 2_000; ) {
        const ms = pace.windowMs();
        windows.push(ms);
        nowMs += ms + pace.after([[{ hits: Math.floor(perMs * ms), ms }]], 1, nowMs + ms);
      }
      expect(windows.length).toBeGreaterThanOrEqual(8);
      expect(Math.max(...windows)).toBeLessThan(50);
      expect(pace.spentNs()).toBeLessThan(13e6);
    },
  );

  it('leaves a window room for more calls than expected, where the window itself ends soon', () => {
    const pace = createBreakpointPace(0.001, 8_000, 4, limitsOfCounting);
    pace.after([[{ hits: 2, ms: 0.3 }]], 1, 10);
    expect(pace.windowMs()).toBeLessThan(25);
    expect(pace.bounds()[0]).toBeGreaterThan(500);
  });
});
