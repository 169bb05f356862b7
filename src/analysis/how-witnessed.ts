import type { EntryFunction } from '../model/clock-calls.ts';
import type { FastWindow } from '../model/fast-reads.ts';
import type { Known } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import { hasVdsoFunction } from './has-vdso-function.ts';
import { isUnavailable, known } from './known.ts';
import type { WitnessedCalls } from './witnessed-calls.ts';

/** Functions with a breakpoint on their vDSO entry: those that tell the time. */
export const witnessable: ReadonlySet<EntryFunction> = new Set(['clock_gettime', 'gettimeofday', 'time']);

/** 'partly': not in all threads, or not all the time; of the rest, that no call was caught says nothing. */
export type HowWitnessed = 'wholly' | 'partly' | 'never';

/**
 * Whether breakpoints looked for vDSO calls of a function: a debugger that holds debug registers leaves room for the first
 * functions only, in the threads that it debugs and while it does. Of one that the vDSO does not have there are none to be
 * seen.
 */
export function howWitnessed(window: Window, witnessed: Known<WitnessedCalls>, fn: EntryFunction): HowWitnessed {
  const { fastWindows, fastCounts } = window;
  const wasRefused = !isUnavailable(witnessed) && witnessed.refused.some((one) => one.fn === fn);
  const hasAnswer = wasRefused || fastWindows.length > 0 || fastCounts.length > 0;
  if (!hasAnswer || isWithout(window, fn)) return witnessable.has(fn) ? 'wholly' : 'never';
  const looksFor = ({ functions }: FastWindow) => functions.some((one) => one.fn === fn);
  if (!fastWindows.some(looksFor) && !fastCounts.some(looksFor)) return 'never';
  // Windows that count leave out too what they cannot tell of.
  return wasRefused || !fastWindows.every(looksFor) ? 'partly' : 'wholly';
}

/** Every 64-bit process maps the image that we do. */
function isWithout({ last: { target, host } }: Window, fn: EntryFunction): boolean {
  const own = known(target.vdso);
  const image = known(target.bits) === 64 ? known(host.ownVdso) : isUnavailable(own) ? own : own.image;
  return !isUnavailable(image) && !hasVdsoFunction(image, fn);
}
