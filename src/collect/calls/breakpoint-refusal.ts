import type { Unavailable } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { isDenied, unavailable } from '../reading.ts';

/** Want of what vdsotop or the kernel has again a moment later: descriptors, memory, peace. */
const passing: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR']);

/** Why no breakpoint can be set on the vDSO of a process. 'failed' may pass: a debugger that holds the registers may let go. */
export function breakpointRefusal(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (code === 'ENOSPC' || code === 'EBUSY')
    return unavailable('failed', 'busy: the debug registers are taken by a debugger or another profiler');
  if (isDenied(code)) return deniedCall('an execution breakpoint on the vDSO', code, ['PERFMON'], pid);
  return unavailable(
    passing.has(code) ? 'failed' : 'unsupported',
    `an execution breakpoint on the vDSO answered ${code}`,
  );
}
