import { readText } from '../read-file.ts';
import { readCapabilities } from './capabilities.ts';

/** All user ids there are, one to one: /proc/self/uid_map of the initial user namespace (user_namespaces(7)). */
const allIds = /^\s*0\s+0\s+4294967295\s*$/;

/** Whether more rights would show no more of other processes: CAP_SYS_PTRACE, and not merely inside a user namespace. */
export function hasFullSight(uidMap = '/proc/self/uid_map', capabilities = readCapabilities()): boolean {
  if ('unavailable' in capabilities || !capabilities.value.includes('sys_ptrace')) return false;
  try {
    return allIds.test(readText(uidMap));
  } catch {
    // A kernel without user namespaces has no such file.
    return true;
  }
}
