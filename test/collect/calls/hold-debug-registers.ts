import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { start } from '../processes.ts';

/** A debugger's part: so many of the four debug registers of a process are taken by perf, until that ends. */
export async function holdDebugRegisters(pid: number, count: number) {
  const stack = /^([0-9a-f]+)-.*\[stack\]$/m.exec(readFileSync(`/proc/${pid}/maps`, 'latin1'))?.[1];
  const events = [0, 8, 16, 24].slice(0, count).flatMap((at) => {
    return ['-e', `mem:0x${(BigInt(`0x${stack}`) + BigInt(at)).toString(16)}/8:w`];
  });
  const debug = await start('perf', ['stat', '-o', '/dev/null', ...events, '-p', String(pid)]);
  await setTimeout(500);
  return debug;
}
