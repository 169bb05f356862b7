import { readFileSync } from 'node:fs';

/** Whether what is typed at its terminal, Ctrl-C say, reaches the process as a signal (proc_pid_stat(5): pgrp and tpgid). */
export function isInForeground(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it may hold spaces and parentheses.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return false;
  }
}
