import type { Unavailable } from '../../model/reading.ts';
import { nativeLibrary } from '../../native.ts';
import { unavailable } from '../reading.ts';

const calls = 32;

/**
 * Makes a known number of clock calls in the kernel, and judges what an enabled counter of our own made of them:
 * `counted` answers how many it saw, or undefined where it could not be read. A counter that sees none would say 0 of
 * whatever a target does. Nothing is answered where it counts, or where that could not be tried.
 */
export function judgeTrialCalls(what: string, counted: () => number | undefined): Unavailable | undefined {
  if (nativeLibrary().vt_enter_for_clock(calls) < 0 || counted() !== 0) return undefined;
  return unavailable('unsupported', `${what} are not told of calls here: of ${calls} of our own none was counted`);
}
