import type { Frame } from '../../model/frame.ts';
import { formatSeconds, formatUtcTime } from '../format.ts';

/** What was just kept as the baseline, and how to compare with it where that is not shown already. */
export function baselineToast(frame: Frame | undefined, comparing: boolean): string {
  if (frame === undefined) return 'nothing has been measured yet';
  const { at, window } = frame.report;
  return `baseline: the last ${formatSeconds(window.seconds)} until ${formatUtcTime(at)}; ${comparing ? 'compared with it now' : 'd compares with it'}`;
}
