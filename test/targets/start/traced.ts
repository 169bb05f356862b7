import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../target.ts';
import { tool } from './tool.ts';

const patienceMs = 5_000;

/** The target with a strace attached that stops it at every system call and prints none. */
export const underStrace = (start: () => Promise<Running>) => async (): Promise<Running> => {
  const target = await start();
  const strace = tool('strace', '/usr/bin/strace');
  const tracer = spawn(strace, ['-f', '-p', String(target.pid), '-e', 'trace=all', '-o', '/dev/null'], {
    stdio: 'ignore',
  });
  const gone = once(tracer, 'close');
  for (let waited = 0; !isTraced(target.pid) && waited < patienceMs; waited += 50) await sleep(50);
  return {
    ...target,
    async end() {
      tracer.kill('SIGINT');
      await gone;
      return target.end();
    },
  };
};

function isTraced(pid: number): boolean {
  return !/^TracerPid:\s*0$/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
}
