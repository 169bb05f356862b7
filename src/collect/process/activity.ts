import type { Reading } from '../../model/reading.ts';
import type { TargetActivity } from '../../model/target.ts';
import { cleanText } from '../clean-text.ts';
import { readBytes } from '../read-file.ts';
import { available } from '../reading.ts';
import { nsPerTick } from './ns-per-tick.ts';
import { readProcessStat } from './process-stat.ts';

/** What is read of one process; of those below it, only what the ones burnt that have ended and been waited for. */
export interface ProcessActivity extends TargetActivity {
  readonly childCpuTimeNs: number;
}

/**
 * Threads and CPU time of a process, for every tick; `busyTids` are the threads to name. CPU time is that of all
 * threads, those that have exited too: only stat has it for another process, and cuts user and system time each down to
 * a clock tick (schedstat is finer, but the main thread's alone).
 */
export function readActivity(pid: number, busyTids: readonly number[]): Reading<ProcessActivity> {
  const stat = readProcessStat(`/proc/${pid}`);
  if ('unavailable' in stat) return stat;
  const { threadCount, cpuTicks, childCpuTicks } = stat.value;
  const cpuTimeNs = cpuTicks * nsPerTick();
  const childCpuTimeNs = childCpuTicks * nsPerTick();
  const source = `${stat.source} (CPU time in steps of ${nsPerTick() / 1e6} ms)`;
  return available({ threadCount, threadNames: readThreadNames(pid, busyTids), cpuTimeNs, childCpuTimeNs }, source);
}

function readThreadNames(pid: number, tids: readonly number[]): Readonly<Record<number, string>> {
  const names: Record<number, string> = {};
  for (const tid of tids) {
    try {
      names[tid] = cleanText(readBytes(`/proc/${pid}/task/${tid}/comm`), 64);
    } catch {
      // It has exited, or is a thread of another process: its name is not known.
    }
  }
  return names;
}
