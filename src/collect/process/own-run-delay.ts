import { readText } from '../read-file.ts';

/** Nanoseconds that our main thread has waited for a CPU since it began (proc_pid_schedstat); undefined where not told. */
export function readOwnRunDelay(): number | undefined {
  try {
    const delay = Number(readText('/proc/self/schedstat').split(' ')[1]);
    return Number.isFinite(delay) ? delay : undefined;
  } catch {
    return undefined;
  }
}
