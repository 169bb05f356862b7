import { describe, expect, it } from 'vitest';
import { readActivity } from '../../../src/collect/process/activity.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, start, value } from '../processes.ts';

const directory = temporaryDirectory();

describe('readActivity', () => {
  it('counts the CPU time of threads that have exited, within two clock ticks below what the program counts', async () => {
    const target = await start(compile(directory, 'burn-in-threads'));
    const own = Number(await target.line());
    const reading = readActivity(target.pid, []);
    const { cpuTimeNs, threadCount } = value(reading);
    expect(threadCount).toBe(1);
    expect(own).toBeGreaterThan(400e6);
    expect(cpuTimeNs).toBeGreaterThan(own - 20e6);
    expect(cpuTimeNs).toBeLessThan(own + 10e6);
    expect(reading).toMatchObject({ source: `/proc/${target.pid}/stat (CPU time in steps of 10 ms)` });
  });

  it('names the threads that were asked for and still are', async () => {
    const { pid } = await start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const tids = listThreads(pid);
    const { threadNames, threadCount } = value(readActivity(pid, [pid, 4_194_304]));
    expect(Object.keys(threadNames)).toEqual([String(pid)]);
    expect(threadCount).toBeGreaterThanOrEqual(tids.length);
  });

  it('cleans the names', async () => {
    const target = await start(compile(directory, 'rename'), ['\x1b[31mred\n']);
    await target.line();
    expect(value(readActivity(target.pid, [target.pid])).threadNames).toEqual({ [target.pid]: 'red' });
  });

  it('has nothing to say of a process that has ended, rather than zero', async () => {
    const target = await start('sleep', ['99']);
    await target.end();
    expect(readActivity(target.pid, [])).toEqual({
      unavailable: 'absent',
      detail: `process ${target.pid} has ended`,
    });
  });
});
