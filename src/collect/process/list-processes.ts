import { statSync } from 'node:fs';
import type { ProcessRow } from '../../model/process-row.ts';
import { cleanText } from '../clean-text.ts';
import { readBytes } from '../read-file.ts';
import { listPids } from './list-pids.ts';
import { ownPid } from './own-pid.ts';
import { hasEnded, readProcessStat } from './process-stat.ts';
import { readUserNames } from './user-names.ts';

/** A picker shows a line of it. */
const commandLineBytes = 1_024;

/** The processes that can be watched, by pid: those with a user space that still runs, without vdsotop itself. */
export function listProcesses(): readonly ProcessRow[] {
  const userNames = readUserNames();
  const own = ownPid();
  return listPids().flatMap((pid) => {
    const row = pid === own ? undefined : readRow(pid, userNames);
    return row === undefined ? [] : [row];
  });
}

/** undefined for a kernel thread, a zombie, and what has ended or is hidden from us. */
function readRow(pid: number, userNames: ReadonlyMap<number, string>): ProcessRow | undefined {
  const directory = `/proc/${pid}`;
  const stat = readProcessStat(directory);
  if ('unavailable' in stat || stat.value.kernelThread || hasEnded(stat.value)) return undefined;
  const { comm, threadCount, cpuTicks, startTimeTicks } = stat.value;
  try {
    // The owner of the directory itself is always the effective user (task_dump_owner of fs/proc/base.c).
    const { uid } = statSync(directory);
    const user = userNames.get(uid) ?? String(uid);
    const commandLine = readCommand(directory) ?? `[${comm}]`;
    return { pid, comm, uid, user, threads: threadCount, cpuTicks, startTimeTicks, commandLine };
  } catch {
    return undefined;
  }
}

function readCommand(directory: string): string | undefined {
  const bytes = readBytes(`${directory}/cmdline`, commandLineBytes).map((byte) => (byte === 0 ? 0x20 : byte));
  return cleanText(bytes, 256) || undefined;
}
