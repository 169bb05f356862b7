import type { ClockSlot } from '../model/clock-calls.ts';
import type { Known } from '../model/reading.ts';
import { isUnavailable } from './known.ts';

/** Our own process has about a dozen threads; up to this many more the price measured there is the target's too. */
const likeOurThreads = 32;

/**
 * A process's CPU clock adds up all its threads at every read (kernel/time/posix-cpu-timers.c, thread_group_cputime):
 * measured on 6.18, 537 ns in a process of 1 or 12 threads, 1,223 of 100, 4,123 of 500. The target's price is then
 * higher than ours, and bounded only by all the CPU time it burns.
 */
export function growsWithThreads(slot: ClockSlot, threads: Known<number>): boolean {
  return (slot === 2 || slot === 32) && (isUnavailable(threads) || threads > likeOurThreads);
}
