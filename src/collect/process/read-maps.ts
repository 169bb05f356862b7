import type { Reading } from '../../model/reading.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';
import { type MapsLine, scanMaps } from './scan-maps.ts';

/**
 * What `told` makes of the lines of a process's maps once `onLine` was given them all. Takes the target's mmap lock.
 * `directory` is /proc/PID, /proc/self or /proc/PID/task/TID.
 */
export function readMaps<T>(directory: string, onLine: (line: MapsLine) => void, told: () => T): Reading<T> {
  const path = `${directory}/maps`;
  try {
    let lines = 0;
    scanMaps(path, (line) => {
      lines += 1;
      onLine(line);
    });
    // A kernel thread and a zombie have an empty file: that is not a process without a vDSO.
    return lines === 0 ? unavailable('absent', `${path} is empty: no user space there`) : available(told(), path);
  } catch (error) {
    return processFailure(path, error);
  }
}
