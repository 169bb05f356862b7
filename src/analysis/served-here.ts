import type { Known } from '../model/reading.ts';
import { isUnavailable } from './known.ts';
import type { ServedClock } from './vdso-service.ts';

/** Whether this host's vDSO is known to serve a read. */
export function isServedHere(served: Known<ServedClock>): boolean {
  return !isUnavailable(served) && served.served;
}
