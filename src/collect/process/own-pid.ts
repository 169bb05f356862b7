import { readlinkSync } from 'node:fs';

/** Our pid as /proc names it, which is not `process.pid` where /proc belongs to another PID namespace. */
export function ownPid(): number {
  try {
    return Number(readlinkSync('/proc/self'));
  } catch {
    return process.pid;
  }
}
