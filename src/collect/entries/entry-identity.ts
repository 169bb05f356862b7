import { statSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import { readInInitialPidNamespace } from '../process/pid-namespace.ts';
import { processFailure } from '../process/process-failure.ts';
import { readProcessStatus, statusNumbers } from '../process/process-status.ts';
import { available, unavailable } from '../reading.ts';

/** The numbers by which the kernel's programs know a process. */
export interface EntryIdentity {
  readonly tgid: number;
  /** Absent: ids are those of the initial PID namespace, as /proc here names them too. */
  readonly namespace?: { readonly device: number; readonly inode: number };
  /** Whether thread ids there differ from those of our /proc. */
  readonly translated: boolean;
}

/**
 * bpf_get_current_pid_tgid answers with ids of the initial PID namespace. They are ours only there: anywhere else a
 * program has to ask for the ids of the target's own namespace (bpf_get_ns_current_pid_tgid, Linux 5.7).
 */
export function readEntryIdentity(pid: number, namespacePid?: number): Reading<EntryIdentity> {
  const initial = readInInitialPidNamespace();
  if ('unavailable' in initial) return initial;
  if (initial.value) return available({ tgid: pid, translated: false }, initial.source);
  const status = readProcessStatus(`/proc/${pid}`);
  if ('unavailable' in status) return status;
  const ids = statusNumbers(status.value, 'NSpid');
  const tgid = namespacePid ?? ids.at(-1);
  if (tgid === undefined) return unavailable('unsupported', `${status.source} has no NSpid (Linux before 4.1)`);
  const path = `/proc/${pid}/ns/pid`;
  try {
    const { dev, ino } = statSync(path);
    return available({ tgid, namespace: { device: dev, inode: ino }, translated: ids.length > 1 }, path);
  } catch (error) {
    return processFailure(path, error);
  }
}
