import { writeFileSync } from 'node:fs';

/**
 * Others see vdsotop by its name (pgrep, top, another vdsotop), and not by that which Node gives its main thread. Only the name is
 * set: the command line stays what was run, with all arguments (proc_pid_comm(5), against process.title).
 */
export function nameOurselves(): void {
  try {
    writeFileSync('/proc/self/comm', 'vdsotop');
  } catch {
    // Without /proc, or with one that may not be written, it is seen by Node's name.
  }
}
