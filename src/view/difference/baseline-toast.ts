import type { Frame } from '../../model/frame.ts';
import { formatSeconds, formatUtcTime } from '../format.ts';

/** What was just kept as the baseline. */
export function baselineToast(frame: Frame | undefined): string {
  if (frame === undefined) return 'nothing has been measured yet';
  const { at, window } = frame.report;
  return `baseline: the last ${formatSeconds(window.seconds)} until ${formatUtcTime(at)}; d compares with it`;
}
