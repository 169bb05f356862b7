import type { ClockRow } from './clock-rows.ts';
import { formatCount, formatEstimate, isUnavailable, notKnown } from './format.ts';
import { formatEstimatedRate } from './format-limits.ts';

/**
 * Where the reads of a clock go, both halves in words: 'vDSO ≈81 k/s (76–86 k) · kernel 60.1 k/s exact'. A clock that
 * no vDSO here serves has one half only.
 */
export function readSplit(row: ClockRow, exact: boolean): string {
  const parts = [fastPart(row), kernelPart(row, exact)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** 'vDSO ≈81 k/s (76–86 k)', or why there is no number. Empty where the vDSO has no part in it. */
export function fastPart({ fastCallsPerSecond: calls, servedByVdso }: ClockRow): string {
  if (isUnavailable(calls)) return servedByVdso === false ? '' : `vDSO calls ${notKnown(calls)}`;
  if (servedByVdso === false && calls.high === 0) return '';
  return `vDSO ${formatEstimatedRate(calls)}`;
}

function kernelPart({ kernelEntriesPerSecond: rate }: ClockRow, exact: boolean): string {
  if (isUnavailable(rate)) return `kernel entries ${notKnown(rate)}`;
  if (exact && rate === 0) return 'kernel 0, exact';
  return exact ? `kernel ${formatCount(rate)}/s exact` : `kernel ${formatEstimate(rate)}/s`;
}
