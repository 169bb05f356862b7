import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuNsOfThreads } from '../rig/process-cost.ts';

const run = promisify(execFile);

/**
 * Ten to thirty times as many a second as vdsotop takes. In a guest a sample takes tens of microseconds, in which none other is
 * taken: at a tenth of this period, a program that makes up for the time would be seen to call that much more.
 */
export const perfPeriodNs = 1_000_000;

/** Part of one core in [vdso] by perf record: that part of its samples, of the CPU time that the process burnt meanwhile. */
export async function perfShareOf(pid: number, seconds: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'vdsotop-bench-'));
  const data = join(directory, 'perf.data');
  try {
    const before = { cpuNs: cpuNsOfThreads(pid), ms: performance.now() };
    await run('perf', [
      ...['record', '-q', '-e', 'cpu-clock', '-c', String(perfPeriodNs), '-p', String(pid), '-o', data],
      ...['sleep', String(seconds)],
    ]);
    const cores = (cpuNsOfThreads(pid) - before.cpuNs) / 1e6 / (performance.now() - before.ms);
    const { stdout } = await run('perf', ['script', '-i', data, '-F', 'ip,dso'], { maxBuffer: 256 << 20 });
    const samples = stdout.split('\n').filter((line) => line.trim() !== '');
    const inVdso = samples.filter((line) => line.includes('[vdso]')).length;
    return (cores * inVdso) / Math.max(1, samples.length);
  } finally {
    await rm(directory, { recursive: true });
  }
}
