import { listThreads } from './list-threads.ts';
import { hasEnded, readProcessStat } from './process-stat.ts';

/**
 * Where the files about a process's memory are: /proc/PID, or a thread's directory below it where the main thread has
 * exited on its own (pthread_exit in main): its own files are then empty, although the process lives.
 */
export function processDirectory(pid: number): string {
  const directory = `/proc/${pid}`;
  const stat = readProcessStat(directory);
  if ('unavailable' in stat || stat.value.state !== 'Z' || hasEnded(stat.value)) return directory;
  const threads = listThreads(pid).map((tid) => `${directory}/task/${tid}`);
  return threads.find(runs) ?? directory;
}

function runs(directory: string): boolean {
  const stat = readProcessStat(directory);
  return 'value' in stat && stat.value.state !== 'Z' && stat.value.state !== 'X';
}
