import { readText } from '../read-file.ts';
import { parseThreadRunTime, type ThreadRunTime } from './thread-run-time.ts';

/** Undefined where it cannot be read. For threads that are read again and again: createThreadRunTimes. */
export function readThreadRunTime(pid: number, tid: number): ThreadRunTime | undefined {
  try {
    return parseThreadRunTime(readText(`/proc/${pid}/task/${tid}/schedstat`));
  } catch {
    return undefined;
  }
}
