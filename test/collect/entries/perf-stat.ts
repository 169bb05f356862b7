import { readdirSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';
import { start } from '../processes.ts';

/** perf stat of one event on one process; `finish` ends it and gives what it counted. */
export async function startPerfStat(pid: number, event = 'syscalls:sys_enter_clock_gettime') {
  const perf = await start('sh', ['-c', `exec perf stat -x, -e ${event} -p ${pid} 2>&1`]);
  await expect.poll(() => perfEventsOf(perf.pid), { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
  // Opened is not yet enabled.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    async finish() {
      perf.child.kill('SIGINT');
      return Number((await perf.line()).split(',')[0]);
    },
  };
}

function perfEventsOf(pid: number): number {
  const fds = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return fds.filter((target) => target === 'anon_inode:[perf_event]').length;
}
