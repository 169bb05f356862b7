import { describe, expect, it } from 'vitest';
import { createWatchedEntries } from '../../../src/collect/calls/watched-entries.ts';
import { available } from '../../analysis/snapshot-builder.ts';

const reading = (...slots: readonly number[]) => slots.map((slot) => ({ fn: 'clock_gettime' as const, slot }));
const clocks = (...slots: readonly number[]) => slots.map((slot) => `clock_gettime ${slot}`);
const opens = () =>
  createWatchedEntries(64, (_, { fn }) => available({ fn, tracepointId: 1, filter: '', seesKernel: false }));
const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;

describe('which entries are caught', () => {
  it('are those that enter, each once, and no others while they do', () => {
    const watched = opens();
    expect(watched.follow(reading(7, 3, 7), 0)).toBe(true);
    expect(watched.follow(reading(3), 1_000)).toBe(false);
    expect(watched.follow(reading(0, 1, 2, 3, 4, 5, 6, 7, 8), 2_000)).toBe(true);
    expect(watched.groups()).toEqual(clocks(7, 3, 0, 1, 2, 4, 5, 6));
    expect(watched.events()).toHaveLength(8);
    expect(watched.follow(reading(...eight, 8), 20_000)).toBe(false);
  });

  it('make room, those first that have not entered for longest', () => {
    const watched = opens();
    watched.follow(reading(...eight), 0);
    watched.follow(reading(0, 1, 2, 3, 4, 5, 6), 2_000);
    watched.follow(reading(0, 1, 2, 3, 4), 4_000);
    expect(watched.follow(reading(0, 1, 2, 3, 4, 8), 9_000)).toBe(false);
    expect(watched.follow(reading(0, 1, 2, 3, 4, 8), 11_000)).toBe(true);
    expect(watched.groups()).toEqual(clocks(0, 1, 2, 3, 4, 5, 6, 8));
    expect(watched.follow(reading(0, 1, 2, 3, 4, 8, 9, 11), 13_000)).toBe(true);
    expect(watched.groups()).toEqual(clocks(0, 1, 2, 3, 4, 8, 9, 11));
  });

  it('are asked for again where that failed, and the reason is gone with it', () => {
    const failed = { unavailable: 'failed', detail: 'reading …/id: EMFILE' } as const;
    let few = true;
    const watched = createWatchedEntries(64, (_, { fn }) =>
      few ? failed : available({ fn, tracepointId: 1, filter: '', seesKernel: false }),
    );
    expect(watched.follow(reading(1), 0)).toBe(false);
    expect(watched.refusal()).toBe(failed);
    few = false;
    expect(watched.follow(reading(1), 1_000)).toBe(true);
    expect(watched.refusal()).toBeUndefined();
  });

  it('are not asked for again where they were refused', () => {
    let asked = 0;
    const denied = { unavailable: 'denied', detail: 'tracefs may not be read' } as const;
    const watched = createWatchedEntries(64, () => {
      asked += 1;
      return denied;
    });
    expect(watched.refusal()).toBeUndefined();
    expect(watched.follow(reading(1), 0)).toBe(false);
    expect(watched.follow(reading(1), 1_000)).toBe(false);
    expect({ asked, why: watched.refusal() }).toEqual({ asked: 1, why: denied });
  });
});
