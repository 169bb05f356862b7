import { readlinkSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { available, errorText, unavailable } from '../reading.ts';

/** PROC_PID_INIT_INO of include/linux/proc_ns.h: the inode number of the first PID namespace, on every kernel. */
const initialNamespace = 'pid:[4026531836]';

/** Whether pids are those of the host; false inside a container's PID namespace. */
export function readInInitialPidNamespace(): Reading<boolean> {
  const path = '/proc/self/ns/pid';
  try {
    return available(readlinkSync(path) === initialNamespace, path);
  } catch (error) {
    return unavailable('failed', `reading ${path}: ${errorText(error)}`);
  }
}
