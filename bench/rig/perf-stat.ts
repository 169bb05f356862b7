import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** `perf stat` counting clock_gettime system calls of a process and of its children. */
export interface PerfStat {
  /** Ends it; what it counted. Throws what it printed where it counted nothing. */
  finish(): Promise<number>;
}

const event = 'syscalls:sys_enter_clock_gettime';

/** It counts when this returns: perf is told to begin through a pipe, and says that it has. */
export async function startPerfStat(pid: number): Promise<PerfStat> {
  const args = ['stat', '-D', '-1', '--control', 'fd:3,4', '-x', ',', '-e', event, '-p', String(pid)];
  const perf = spawn('perf', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  let printed = '';
  perf.stderr?.on('data', (data) => {
    printed += data;
  });
  const closed = once(perf, 'close');
  const control = perf.stdio[3] as Writable;
  control.write('enable\n');
  await Promise.race([once(perf.stdio[4] as Readable, 'data'), closed]);
  return {
    async finish() {
      perf.kill('SIGINT');
      await closed;
      const count = new RegExp(`^(\\d+),,${event}`, 'm').exec(printed)?.[1];
      if (count === undefined) throw new Error(`perf stat counted nothing: ${printed.trim()}`);
      return Number(count);
    },
  };
}
