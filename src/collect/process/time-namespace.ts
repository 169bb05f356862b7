import { readlinkSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { available, errorText } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/** Whether a process lives in another time namespace than vdsotop; `directory` is /proc/PID. */
export function compareTimeNamespace(directory: string): Reading<boolean> {
  const own = readOwnTimeNamespace();
  if (own === undefined) return available(false, '/proc/self/ns has no time: the kernel has no time namespaces');
  const path = `${directory}/ns/time`;
  try {
    return available(readlinkSync(path) !== own, path);
  } catch (error) {
    return processFailure(path, error);
  }
}

function readOwnTimeNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch (error) {
    if (errorText(error) === 'ENOENT') return undefined;
    throw error;
  }
}
