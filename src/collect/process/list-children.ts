import { readText } from '../read-file.ts';
import { errorText } from '../reading.ts';
import { listPids } from './list-pids.ts';
import { listThreads } from './list-threads.ts';
import { ownPid } from './own-pid.ts';
import { readProcessStat } from './process-stat.ts';

/**
 * Direct children of a process at this moment, ourselves left out; none when it has ended or is hidden from us. A child
 * that ends meanwhile may take the one after it off the list (Documentation/filesystems/proc.rst, 3.7).
 */
export function listChildren(pid: number): readonly number[] {
  const own = ownPid();
  const children = childrenByThread(pid) ?? childrenByScan(pid);
  return children.filter((child) => child !== own);
}

/** Each thread has children of its own; undefined where the kernel lacks the file (CONFIG_PROC_CHILDREN). */
function childrenByThread(pid: number): readonly number[] | undefined {
  const children: number[] = [];
  for (const tid of listThreads(pid)) {
    try {
      children.push(...readText(`/proc/${pid}/task/${tid}/children`).split(' ').filter(Boolean).map(Number));
    } catch (error) {
      if (errorText(error) === 'ENOENT' && !kernelHasChildrenFiles()) return undefined;
    }
  }
  return children;
}

function kernelHasChildrenFiles(): boolean {
  try {
    readText(`/proc/thread-self/children`);
    return true;
  } catch {
    return false;
  }
}

function childrenByScan(pid: number): readonly number[] {
  return listPids().filter((candidate) => {
    const stat = readProcessStat(`/proc/${candidate}`);
    return 'value' in stat && stat.value.parentPid === pid;
  });
}
