import type { Interval } from '../model/interval.ts';
import { type Cell, cell } from './cells.ts';
import { known, share } from './clock-cells.ts';
import type { ClockRow } from './clock-rows.ts';
import { formatEstimate, isUnavailable } from './format.ts';
import { formatAtMost, formatBounds, formatEstimated, formatSampledShare, leastRate } from './format-limits.ts';

/** An estimate, whatever the counter; of a clock that no vDSO here is seen to serve there may be none to make. */
export function showFast({ fastCallsPerSecond: calls, servedByVdso }: ClockRow): Cell {
  if (servedByVdso === false && isUnavailable(calls)) return cell('–', 'muted');
  if (servedByVdso !== true && !isUnavailable(calls) && calls.high === 0) return cell('–', 'muted');
  if (!isUnavailable(calls) && calls.value < leastRate) return cell(formatAtMost(calls), 'muted');
  return known(calls, ({ value }) => formatEstimate(value));
}

/** The same where no column beside it has the limits. */
export function showFastAlone(row: ClockRow, _context: unknown, width: number): Cell {
  const { fastCallsPerSecond: calls } = row;
  return hasLimits(row) ? known(calls, (known) => formatEstimated(known, width)) : showFast(row);
}

/** Kernel entries by their price, and the fast path as sampled: none sampled is not none. */
export function showCoreShare({ coreShare }: ClockRow, _context: unknown, width: number): Cell {
  if (!isUnavailable(coreShare) && coreShare.value === 0) return cell(formatSampledShare(coreShare, width), 'muted');
  return known(coreShare, (share) => formatSampledShare(share, width));
}

/** Beside a bound there is no part to tell: none sampled is not none. The limits are as far apart as those beside it. */
export function showCpuShare({ coreShare, targetCpuShare }: ClockRow, _context: unknown, width: number): Cell {
  if (isUnavailable(coreShare) || isUnavailable(targetCpuShare) || coreShare.high <= 0)
    return share(targetCpuShare, (value) => value);
  if (coreShare.value <= 0) return cell('?', 'muted');
  return cell(formatSampledShare(scaled(coreShare, targetCpuShare / coreShare.value), width));
}

/** As a part of the target's own CPU time: more than all of it is none. */
function scaled({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low * factor, high: Math.min(high * factor, Math.max(1, value * factor)) };
}

/** Beside '<710 k' the interval would say the same again. */
export function hasLimits({ fastCallsPerSecond: calls }: ClockRow): boolean {
  return !isUnavailable(calls) && calls.value >= leastRate;
}

export function showFastBounds(row: ClockRow): Cell {
  const { fastCallsPerSecond: calls } = row;
  return cell(hasLimits(row) && !isUnavailable(calls) ? formatBounds(calls) : '', 'muted');
}
