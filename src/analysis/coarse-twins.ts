import type { ClockRead } from './clock-read.ts';
import { clockEntry } from './clock-table.ts';

/**
 * The clocks that are kept with the resolution of a timer tick (include/uapi/linux/time.h): those of REALTIME and MONOTONIC, and
 * of no other.
 */
const coarseOf: ReadonlyMap<number, number> = new Map([
  [0, 5],
  [1, 6],
]);

/** The coarse clock of the same time, as a program calls it: 'CLOCK_MONOTONIC_COARSE'; undefined where there is none. */
export function coarseTwin({ fn, slot }: Pick<ClockRead, 'fn' | 'slot'>): string | undefined {
  const twin = coarseOf.get(fn === 'gettimeofday' ? 0 : fn === 'clock_gettime' ? slot : -1);
  return twin === undefined ? undefined : `CLOCK_${clockEntry(twin).name}`;
}

/** Those of all these reads, each once. */
export function coarseTwins(reads: readonly Pick<ClockRead, 'fn' | 'slot'>[]): readonly string[] {
  return [...new Set(reads.flatMap((read) => coarseTwin(read) ?? []))];
}
