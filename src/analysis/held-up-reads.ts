import type { TimingSample } from '../model/prices.ts';
import type { Window } from '../model/snapshot.ts';
import { quantile, sortedUp } from './statistics.ts';

/** Batches of our own reads that wait, if anybody's do, while the kernel updates the clock page. */
export interface HeldUpReads {
  readonly batches: number;
  /** That took so much longer than half of their kind that something held them up: an update, or whatever else. */
  readonly heldUp: number;
}

/** REALTIME, MONOTONIC, BOOTTIME and TAI: all read under one sequence count (lib/vdso/gettimeofday.c, do_hres). */
const clocksOfThePage: readonly (number | undefined)[] = [0, 1, 7, 11];
/** A batch takes some 25 µs, an update that is held up a scheduler's turn: whatever is met is far above this. */
const longer = 1.5;

/** The page is one for all processes and CPUs, so what its updates take from us they take from every reader. */
export function heldUpReads({ timings, unwatchedTimings }: Pick<Window, 'timings' | 'unwatchedTimings'>): HeldUpReads {
  const read = [...timings, ...unwatchedTimings].filter(readsThePage);
  const kinds = [...Map.groupBy(read, ({ call, clockId, path }) => `${call} ${clockId} ${path}`).values()].map(
    countKind,
  );
  return {
    batches: kinds.reduce((sum, { batches }) => sum + batches, 0),
    heldUp: kinds.reduce((sum, { heldUp }) => sum + heldUp, 0),
  };
}

function readsThePage({ call, clockId, path }: TimingSample): boolean {
  if (path !== 'vdso' && path !== 'libc') return false;
  return call === 'gettimeofday' || (call === 'clock_gettime' && clocksOfThePage.includes(clockId));
}

function countKind(samples: readonly TimingSample[]): HeldUpReads {
  const perCallNs = sortedUp(samples.flatMap((sample) => sample.perCallNs));
  const usual = quantile(perCallNs, 0.5);
  return { batches: perCallNs.length, heldUp: perCallNs.filter((ns) => ns > longer * usual).length };
}
