import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import { isUnavailable } from './format.ts';

/** Whether there is no more to say of a value than that the target has ended: among the limits that is told once for all. */
export function isLostWithTarget({ target }: Report, value: Known<unknown>): boolean {
  return target.ended && isUnavailable(value) && value.unavailable === 'absent';
}
