import { describe, expect, it } from 'vitest';
import { earlyCores } from '../../src/analysis/early-cores.ts';
import { lookedAtTime } from '../../src/analysis/looked-at-time.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { SessionEvent } from '../../src/model/events.ts';
import type { FastWindow } from '../../src/model/fast-reads.ts';
import { available, makeSnapshot } from './snapshot-builder.ts';

const seconds = 10;

/** A thread's windows of 100 ms, a second from each other, the first `afterMs` after the stretch began. */
function windowsOf(tid: number, { beforeMs, cores }: { readonly beforeMs: number; readonly cores: number }) {
  return Array.from({ length: 9 }, (_, at): FastWindow => {
    const beganAtMs = 5_000 + 200 + at * 1_000;
    const beganNs = (beforeMs + at * 1_000 * cores) * 1e6;
    const cpu = { beganAtMs, endedAtMs: beganAtMs + 100, beganNs, endedNs: beganNs + 100 * cores * 1e6 };
    return { tid, armedMs: 100, functions: [{ fn: 'clock_gettime', hits: [] }], cpu };
  });
}

function stretchOf(fastWindows: readonly FastWindow[], { cpuCores = 0.05, executed = false } = {}) {
  const scenario = { threads: 1, cpuCores };
  const begin = makeSnapshot(scenario, 0);
  const event: SessionEvent = { atMs: begin.atMs + 5, kind: 'target-exec', text: 'the target became server' };
  const end = { ...makeSnapshot(scenario, seconds), fastWindows, events: executed ? [event] : [] };
  return makeWindow([begin, end], []);
}

describe('what the threads that were looked at burnt', () => {
  it('is told by what they burnt between their windows', () => {
    const window = stretchOf([
      ...windowsOf(1, { beforeMs: 20, cores: 0.02 }),
      ...windowsOf(2, { beforeMs: 5, cores: 0.3 }),
    ]);
    const looked = lookedAtTime(window);
    expect(looked.coresOf(new Set([1]))).toBeCloseTo(0.02, 6);
    expect(looked.coresOf(new Set([1, 2]))).toBeCloseTo(0.32, 6);
    expect(looked.beforeNs).toBe(25e6);
    expect(looked.burntNs(new Set([1]))).toBeCloseTo((20 + 8_100 * 0.02) * 1e6, 0);
  });

  it('is not known where a thread was looked at for a small part of the time only, or never', () => {
    const looked = lookedAtTime(stretchOf(windowsOf(1, { beforeMs: 20, cores: 0.02 }).slice(0, 3)));
    expect(looked.coresOf(new Set([1]))).toBeUndefined();
    expect(looked.coresOf(new Set([3]))).toBeUndefined();
  });

  it('goes on to the last snapshot for those that were met calling', () => {
    const windows = windowsOf(1, { beforeMs: 20, cores: 0.02 }).slice(0, 2);
    const window = stretchOf(windows);
    const atEnd = { beganAtMs: 15_000, endedAtMs: 15_000, beganNs: 300e6, endedNs: 300e6 };
    const fastReads = available({
      ...{ hits: [], armedThreadMs: 200, boundedWindows: 0, windows: 2 },
      callers: [{ tid: 1, ...atEnd }],
    });
    const looked = lookedAtTime({ ...window, last: { ...window.last, fastReads } });
    expect(looked.coresOf(new Set([1]))).toBeCloseTo((300 - 20 - 2 - 2) / (15_000 - 5_200 - 200), 4);
  });
});

describe('what a program burnt as it began', () => {
  const early = (beforeMs: number, cores: number, executed: boolean) => {
    const window = stretchOf(windowsOf(1, { beforeMs, cores }), { executed });
    return earlyCores(window, lookedAtTime(window));
  };

  it('is what it burnt before the first window, where it burns less later on', () => {
    expect(early(60, 0.001, true)).toBeCloseTo(0.006, 3);
  });

  it('is nothing where it went on as it began, and of a program that ran before', () => {
    expect(early(200, 0.2, true)).toBe(0);
    expect(early(60_000, 0.001, false)).toBe(0);
  });
});
