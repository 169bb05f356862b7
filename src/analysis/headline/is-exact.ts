import type { Basis } from '../basis.ts';
import { isUnavailable } from '../known.ts';

/** Whether every entry was counted. */
export function isExact({ counted }: Basis): boolean {
  return !isUnavailable(counted) && counted.exact;
}
