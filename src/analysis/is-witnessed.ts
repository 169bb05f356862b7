import type { EntryFunction } from '../model/clock-calls.ts';
import type { Window } from '../model/snapshot.ts';
import { hasVdsoFunction } from './has-vdso-function.ts';
import { isUnavailable, known } from './known.ts';

/** Functions with a breakpoint on their vDSO entry: those that tell the time. */
export const witnessable: ReadonlySet<EntryFunction> = new Set(['clock_gettime', 'gettimeofday', 'time']);

/**
 * Whether breakpoints looked for vDSO calls of a function: a debugger that holds debug registers leaves room for the first
 * functions only. Of one that the vDSO does not have there are none to be seen.
 */
export function isWitnessed(window: Window, fn: EntryFunction): boolean {
  const windows = [...window.fastWindows, ...window.fastCounts];
  if (windows.length === 0 || isWithout(window, fn)) return witnessable.has(fn);
  return windows.some(({ functions }) => functions.some((one) => one.fn === fn));
}

/** Every 64-bit process maps the image that we do. */
function isWithout({ last: { target, host } }: Window, fn: EntryFunction): boolean {
  const own = known(target.vdso);
  const image = known(target.bits) === 64 ? known(host.ownVdso) : isUnavailable(own) ? own : own.image;
  return !isUnavailable(image) && !hasVdsoFunction(image, fn);
}
