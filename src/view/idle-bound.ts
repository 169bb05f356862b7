import type { Report } from '../model/report.ts';
import type { ClockRow } from './clock-rows.ts';
import { isUnavailable } from './format.ts';
import { formatAtMost } from './format-limits.ts';

/**
 * ' (none was seen; vDSO <43 k/s each)', where so little was watched of idle clocks that they may be read all the same,
 * and often enough to change a verdict.
 */
export function idleBound({ slowFrom }: Report, idle: readonly ClockRow[]): string {
  const highs = idle.map(({ fastCallsPerSecond: calls }) => (isUnavailable(calls) ? 0 : calls.high));
  const most = Math.max(0, ...highs);
  if (most < slowFrom.readsPerSecond) return '';
  return ` (none was seen; vDSO ${formatAtMost({ value: 0, low: 0, high: most })}/s each)`;
}
