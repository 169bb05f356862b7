import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { atGivenPriority } from '../collect/process/own-priority.ts';
import type { WatchOptions } from './options.ts';
import { printReport } from './print-report.ts';
import { hasScreen } from './terminal.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchLive } from './watch.ts';

/** `vdsotop demo`: the bundled workload and the whole tool on it, for a first look and for the tests. */
export async function demo(options: WatchOptions): Promise<void> {
  const workload = await startWorkload();
  const { pid } = workload;
  try {
    if (pid === undefined) throw new UserError('the demo workload did not start', exitCodes.unsupported);
    if (!hasScreen()) return await printReport(String(pid), { ...options, duration: 2_000, json: false });
    await watchLive(pid, options);
  } finally {
    workload.kill('SIGTERM');
  }
}

async function startWorkload(): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'vdsotop-demo');
  if (!existsSync(program))
    throw new UserError(`the demo workload ${program} is missing: run 'npm run build'`, exitCodes.unsupported);
  const workload = atGivenPriority(() => spawn(program, ['--parent', String(process.pid)], { stdio: 'ignore' }));
  await once(workload, 'spawn');
  return workload;
}
