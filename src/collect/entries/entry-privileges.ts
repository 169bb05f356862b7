import type { Unavailable } from '../../model/reading.ts';
import { readText } from '../read-file.ts';
import { unavailable } from '../reading.ts';

/** A refused system call: which capabilities it asks for, what the host is set to, and the line to run again. */
export function deniedCall(call: string, code: string, capabilities: readonly string[], pid: number): Unavailable {
  const needed = capabilities.map((name) => `CAP_${name}`).join(' and ');
  return unavailable(
    'denied',
    `${call} answered ${code}; it needs ${needed}${paranoia()}`,
    runPrivileged(pid, capabilities),
  );
}

/** The line to run again so that vdsotop has the capabilities: as root, or in a container that has them. */
export function runPrivileged(pid: number, capabilities: readonly string[]): string {
  if (process.geteuid?.() !== 0) return `sudo vdsotop -p ${pid}`;
  const flags = capabilities.map((name) => `--cap-add ${name}`).join(' ');
  return `run the container with these capabilities (docker run ${flags} …), or vdsotop on its host`;
}

/**
 * Debian's levels above 2 ask for CAP_SYS_ADMIN whatever else one has; mainline has no such level
 * (Documentation/admin-guide/sysctl/kernel.rst; Debian's security-perf-allow-further-restriction patch).
 */
function paranoia(): string {
  try {
    const level = Number(readText('/proc/sys/kernel/perf_event_paranoid'));
    return level > 2 ? `, and CAP_SYS_ADMIN while kernel.perf_event_paranoid is ${level}` : '';
  } catch {
    return '';
  }
}
