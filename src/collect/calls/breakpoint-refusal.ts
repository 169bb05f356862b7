import type { Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { isDenied, unavailable } from '../reading.ts';

/** Why no breakpoint can be set on the vDSO of a process. 'failed' may pass: a debugger that holds the registers may let go. */
export function breakpointRefusal(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (code === 'ENOSPC' || code === 'EBUSY')
    return unavailable('failed', 'busy: the debug registers are taken by a debugger or another profiler');
  if (isDenied(code)) return deniedCall('an execution breakpoint on the vDSO', code, ['PERFMON'], pid);
  return unavailable('unsupported', `an execution breakpoint on the vDSO answered ${code}`);
}
