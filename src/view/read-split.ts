import type { ClockRow } from './clock-rows.ts';
import { formatCount, formatEstimate, formatSeconds, formatWhole, isUnavailable, notKnown } from './format.ts';
import { formatEstimatedRate } from './format-limits.ts';
import { isShortWatch } from './is-short-watch.ts';

/**
 * Where the reads of a clock go, both halves in words: 'vDSO ≈81 k/s (76–86 k) · kernel 60.1 k/s exact'. A clock that
 * no vDSO here serves has one half only. Of a short watch the number itself stands before the rate that it comes to.
 */
export function readSplit(row: ClockRow, exact: boolean, windowSeconds: number): string {
  const parts = [fastPart(row), kernelPart(row, exact, windowSeconds)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** 'vDSO ≈81 k/s (76–86 k)', or why there is no number. Empty where the vDSO has no part in it. */
export function fastPart({ fastCallsPerSecond: calls, servedByVdso }: ClockRow): string {
  if (isUnavailable(calls)) return servedByVdso === false ? '' : `vDSO calls ${notKnown(calls)}`;
  if (servedByVdso === false && calls.high === 0) return '';
  return `vDSO ${formatEstimatedRate(calls)}`;
}

function kernelPart(
  { kernelEntries, kernelEntriesPerSecond: rate }: ClockRow,
  exact: boolean,
  seconds: number,
): string {
  if (isUnavailable(rate)) return `kernel entries ${notKnown(rate)}`;
  if (exact && rate === 0) return 'kernel 0, exact';
  if (exact && isShortWatch(seconds) && !isUnavailable(kernelEntries))
    return `kernel ${formatWhole(kernelEntries)} in ${formatSeconds(seconds)} exact (${formatCount(rate)}/s)`;
  return exact ? `kernel ${formatCount(rate)}/s exact` : `kernel ${formatEstimate(rate)}/s`;
}
