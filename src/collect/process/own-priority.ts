import { constants, getPriority, setPriority } from 'node:os';

const given = getPriority();

/**
 * A target with 500 busy threads leaves a tool of the same priority a hundredth of a core, and its verdict ten seconds
 * late. vdsotop uses some hundredths of a core, so where it may (CAP_SYS_NICE) it comes first. Without the permission
 * its priority stays as it is.
 */
export function raiseOwnPriority(): void {
  set(constants.priority.PRIORITY_HIGH);
}

/** Runs `start` at the priority that vdsotop was given, which is what processes started by it must inherit. */
export function atGivenPriority<T>(start: () => T): T {
  const own = getPriority();
  set(given);
  try {
    return start();
  } finally {
    set(own);
  }
}

function set(priority: number): void {
  try {
    setPriority(priority);
  } catch {
    // Not permitted: on a busy host the answer comes later, and is the same.
  }
}
