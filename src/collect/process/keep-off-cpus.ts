import { nativeLibrary } from '../../native.ts';
import { cpusOfList } from '../host/cpu-list.ts';
import { listThreads } from './list-threads.ts';
import { readProcessStatus } from './process-status.ts';

/** Of a target with more threads, those that were not looked at may have any CPU. */
const mostThreads = 64;

/**
 * Leaves the CPUs that a target is confined to to it, where others are left for us: on a host with two CPUs our own start took
 * an eighth of a second from a loop that was pinned to one of them. A target that may run anywhere is moved out of our way by
 * the scheduler. The function that takes it back.
 */
export function keepOffCpusOf(pid: number): () => void {
  const own = cpusOfThread('/proc/self');
  const threads = listThreads(pid);
  const theirs = new Set(threads.slice(0, mostThreads).flatMap((tid) => cpusOfThread(`/proc/${pid}/task/${tid}`)));
  const left = own.filter((cpu) => !theirs.has(cpu));
  if (threads.length > mostThreads || theirs.size === 0 || left.length === 0 || left.length === own.length)
    return () => {};
  keepTo(left);
  return () => keepTo(own);
}

function cpusOfThread(directory: string): readonly number[] {
  const status = readProcessStatus(directory);
  return ('value' in status && cpusOfList(status.value.get('Cpus_allowed_list') ?? '')) || [];
}

/** Threads that begin later have the CPUs of the one that begins them. What is refused changes nothing but who waits. */
function keepTo(cpus: readonly number[]): void {
  const bits = new Uint8Array(8 * Math.ceil((Math.max(...cpus) + 1) / 64));
  for (const cpu of cpus) bits[cpu >> 3] = (bits[cpu >> 3] ?? 0) | (1 << (cpu & 7));
  for (const tid of listThreads(process.pid)) nativeLibrary().vt_keep_to_cpus(tid, bits, bits.length);
}
