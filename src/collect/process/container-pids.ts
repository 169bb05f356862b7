import { readlinkSync } from 'node:fs';
import { listPids } from './list-pids.ts';
import { readProcessStatus, statusNumbers } from './process-status.ts';

/** Processes of PID namespaces below ours whose container calls them `id`: the last number of NSpid. */
export function listContainerPids(id: number): readonly number[] {
  const own = namespaceOf('self');
  return listPids().filter((pid) => {
    // A link is read in a quarter of the time of a status file, and most processes live in our own namespace.
    const namespace = namespaceOf(String(pid));
    return (namespace === undefined || namespace !== own) && containerPid(pid) === id;
  });
}

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function containerPid(pid: number): number | undefined {
  const status = readProcessStatus(`/proc/${pid}`);
  const pids = 'value' in status ? statusNumbers(status.value, 'NSpid') : [];
  return pids.length > 1 ? pids.at(-1) : undefined;
}
