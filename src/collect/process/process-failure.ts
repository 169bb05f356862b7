import { accessSync } from 'node:fs';
import type { Unavailable } from '../../model/reading.ts';
import { hasFullSight } from '../host/has-full-sight.ts';
import { errorText, isDenied, unavailable } from '../reading.ts';

const gone = new Set(['ENOENT', 'ESRCH']);

/** Why a file below /proc/PID could not be read. `path` may also lie below /proc/self or /proc/PID/task/TID. */
export function processFailure(path: string, error: unknown, hasAllRights = hasFullSight): Unavailable {
  const code = errorText(error);
  const directory = path.split('/').slice(0, 3).join('/');
  const pid = directory.slice('/proc/'.length);
  if (gone.has(code)) {
    return exists(directory)
      ? unavailable('absent', `${path} does not exist`)
      : unavailable('absent', `process ${pid} has ended`);
  }
  // Its own status tells vdsotop its rights: where that is denied there is nobody to ask.
  if (isDenied(code) && pid !== 'self' && hasAllRights())
    return unavailable(
      'denied',
      `reading ${path} is refused although vdsotop has CAP_SYS_PTRACE, as a security module of the kernel may do: ${code}`,
    );
  // Yama limits attaching, not reading: fs/proc/base.c asks for PTRACE_MODE_READ_FSCREDS (ptrace(2), access modes).
  if (isDenied(code))
    return unavailable(
      'denied',
      `reading ${path} needs the target's own user (and a target that may dump core), or CAP_SYS_PTRACE: ${code}`,
      remedyFor(pid),
    );
  return unavailable('failed', `reading ${path}: ${code}`);
}

function remedyFor(pid: string): string {
  if (process.geteuid?.() === 0) return 'give vdsotop CAP_SYS_PTRACE (docker run --cap-add SYS_PTRACE)';
  return pid === 'self' ? 'sudo vdsotop' : `sudo vdsotop -p ${pid}`;
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
