import { closeSync, openSync } from 'node:fs';
import { readFromStart } from '../read-from-start.ts';
import { parseThreadRunTime, type ThreadRunTime } from './thread-run-time.ts';

/** Run times of a few threads that are read several times a second. */
export interface ThreadRunTimes {
  /** Undefined where it cannot be read. */
  of(pid: number, tid: number): ThreadRunTime | undefined;
  close(): void;
}

/** More threads than that are opened in turn, the one that was read longest ago being closed. */
const mostOpen = 16;

/** Keeps the files open: that is a fourth of what it costs to open one each time. */
export function createThreadRunTimes(): ThreadRunTimes {
  const files = new Map<number, number>();

  const shut = (tid: number) => {
    const file = files.get(tid);
    files.delete(tid);
    if (file !== undefined) closeSync(file);
  };
  const read = (tid: number, file: number) => {
    // The last one read comes last.
    files.delete(tid);
    files.set(tid, file);
    return parseThreadRunTime(readFromStart(file).toString('latin1'));
  };
  const open = (pid: number, tid: number) => {
    const file = openSync(`/proc/${pid}/task/${tid}/schedstat`, 'r');
    for (const oldest of files.keys()) {
      if (files.size < mostOpen) break;
      shut(oldest);
    }
    return file;
  };

  return {
    of(pid, tid) {
      const file = files.get(tid);
      if (file !== undefined) {
        try {
          return read(tid, file);
        } catch {
          // The file is that of a thread that has ended (ESRCH); its id may be another thread's by now.
          shut(tid);
        }
      }
      try {
        return read(tid, open(pid, tid));
      } catch {
        shut(tid);
        return undefined;
      }
    },
    close() {
      for (const tid of [...files.keys()]) shut(tid);
    },
  };
}
