import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasEnded, parseStat, readProcessStat } from '../../../src/collect/process/process-stat.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, start, value } from '../processes.ts';

const directory = temporaryDirectory();

describe('/proc/PID/stat', () => {
  it('agrees with ps', async () => {
    const { pid } = await start('sleep', ['99']);
    const [parent, threads, name] = execFileSync('ps', ['-o', 'ppid=,nlwp=,comm=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    const stat = value(readProcessStat(`/proc/${pid}`));
    expect(stat).toMatchObject({
      comm: name,
      parentPid: Number(parent),
      threadCount: Number(threads),
      kernelThread: false,
    });
    expect(hasEnded(stat)).toBe(false);
  });

  it('knows a kernel thread', () => {
    expect(value(readProcessStat('/proc/2'))).toMatchObject({ comm: 'kthreadd', kernelThread: true, image: undefined });
  });

  it('counts a zombie as ended, but not a main thread that has exited alone', async () => {
    const parent = await start(compile(directory, 'zombie'));
    expect(hasEnded(value(readProcessStat(`/proc/${await parent.line()}`)))).toBe(true);
    expect(hasEnded({ ...value(readProcessStat(`/proc/${parent.pid}`)), state: 'Z', threadCount: 2 })).toBe(false);
  });

  it('is not deceived by a name that looks like fields', async () => {
    const renamed = await start(compile(directory, 'rename'), ['a) S 1 (b']);
    await renamed.line();
    expect(value(readProcessStat(`/proc/${renamed.pid}`))).toMatchObject({ comm: 'a) S 1 (b', parentPid: process.pid });
  });

  it('refuses what is not such a line', () => {
    expect(parseStat(Buffer.from(''))).toBeUndefined();
    expect(parseStat(Buffer.from('12 (cut) S 1 2 3'))).toBeUndefined();
  });
});
