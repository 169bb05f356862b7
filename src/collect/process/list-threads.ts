import { readdirSync } from 'node:fs';

/** Thread ids of a process at this moment; none when it has ended or is hidden from us. */
export function listThreads(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}
