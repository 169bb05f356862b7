import type { ClockRow } from './clock-rows.ts';
import { formatAtMost, isUnavailable } from './format.ts';

/** Fewer reads a second than this change no verdict. */
const worthAWord = 10;

/** ' (none was seen; vDSO <43 k/s each)', where so little was watched of idle clocks that they may be read all the same. */
export function idleBound(rows: readonly ClockRow[]): string {
  const highs = rows.map(({ fastCallsPerSecond: calls }) => (isUnavailable(calls) ? 0 : calls.high));
  const most = Math.max(0, ...highs);
  return most < worthAWord ? '' : ` (none was seen; vDSO ${formatAtMost({ value: 0, low: 0, high: most })}/s each)`;
}
