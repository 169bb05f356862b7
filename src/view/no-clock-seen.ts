import type { Report } from '../model/report.ts';
import { isUnavailable } from './format.ts';

/** Where no clock has a row: no time was read, or one was by other functions, or by clocks that are not told apart. */
export function noClockSeen({ functions, verdict }: Report): string {
  const byFunction = functions.some(
    ({ tellsTime, kernelEntries, fastCallsSeen }) =>
      tellsTime && [kernelEntries, fastCallsSeen].some((count) => !isUnavailable(count) && count > 0),
  );
  if (byFunction) return 'no clock was seen read by its id';
  return verdict === 'fast' ? 'clocks are read; which ones is not seen' : 'no clock read was seen';
}
