import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listChildren } from '../../../src/collect/process/list-children.ts';
import { listProcesses } from '../../../src/collect/process/list-processes.ts';
import { cpuMs } from '../../cpu-ms.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, compile, runAsNobody, start, until } from '../processes.ts';

const directory = temporaryDirectory();
const rowOf = (pid: number) => listProcesses().find((row) => row.pid === pid);

/** Of each process its pid, its parent's, whether it is a zombie, and its name. */
function rowsOfPs(): readonly string[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,state=,comm='], { encoding: 'utf8' }).trim().split('\n');
  return rows.map((row) => row.trim().replace(/^(\d+\s+\d+\s+)[^Z]\b/, '$1-'));
}

describe('listProcesses', () => {
  it('has a row for a process, with what ps knows of it', async () => {
    const { pid } = await start('sleep', ['98765'], { uid: 65_534, gid: 65_534 });
    expect(rowOf(pid)).toMatchObject({
      pid,
      comm: 'sleep',
      uid: 65_534,
      user: 'nobody',
      threads: 1,
      cpuTicks: expect.any(Number),
      commandLine: 'sleep 98765',
    });
  });

  it('lists the processes that ps lists, but for kernel threads, zombies and ourselves', () => {
    const before = new Set(rowsOfPs());
    const ours = new Set(listProcesses().map(({ pid }) => pid));
    // What others start and end meanwhile, or has become a zombie, is on one of the lists only.
    for (const row of rowsOfPs().filter((one) => before.has(one))) {
      const [pid, parent, state, comm] = row.split(/\s+/);
      const excluded = pid === '2' || parent === '2' || state === 'Z' || Number(pid) === process.pid;
      expect([pid, comm, ours.has(Number(pid))]).toEqual([pid, comm, !excluded]);
    }
    expect(ours.has(1)).toBe(true);
    expect(ours.has(2)).toBe(false);
    expect(ours.has(process.pid)).toBe(false);
  });

  it('leaves a zombie out', async () => {
    const parent = await start(compile(directory, 'zombie'));
    const zombie = Number(await parent.line());
    expect(rowOf(zombie)).toBeUndefined();
    expect(rowOf(parent.pid)).toBeDefined();
  });

  it('shows CPU use as the difference of two lists', async () => {
    const { pid } = await start(process.execPath, ['-e', 'for (;;);']);
    const before = rowOf(pid)?.cpuTicks ?? 0;
    await until(() => (rowOf(pid)?.cpuTicks ?? 0) - before > 3);
  });

  it('cleans names and command lines', async () => {
    const target = await start(compile(directory, 'rename'), ['\x1b]0;x\x07evil\n'], { argv0: 'a\x1b[2Jb' });
    await target.line();
    expect(rowOf(target.pid)).toMatchObject({ comm: 'evil', commandLine: 'ab evil' });
  });

  it('gives a user without privileges the same processes', async () => {
    const { pid } = await start('sleep', ['99']);
    const rows = runAsNobody(
      `import { listProcesses } from ${JSON.stringify(collector('process/list-processes'))};
      console.log(JSON.stringify(listProcesses().filter((row) => row.pid === ${pid})));`,
    );
    expect(rows).toMatchObject([{ pid, comm: 'sleep', user: 'root', commandLine: 'sleep 99' }]);
  });

  it('lists hundreds of processes in a fraction of a second', async () => {
    const script = 'exec 2>/dev/null; for i in $(seq 300); do sleep 99 & done; echo done; wait';
    const forks = await start('/bin/bash', ['--norc', '-c', script]);
    await forks.line();
    const namesOf = (pids: readonly number[]) => pids.map((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8'));
    await until(() => namesOf(listChildren(forks.pid)).every((name) => name === 'sleep\n'));
    let rows: ReturnType<typeof listProcesses> = [];
    const tookMs = cpuMs(() => {
      rows = listProcesses();
    });
    const children = new Set(listChildren(forks.pid));
    for (const pid of children) process.kill(pid, 'SIGKILL');
    const sleeps = rows.filter(({ pid, commandLine }) => children.has(pid) && commandLine === 'sleep 99');
    expect(sleeps.length).toBe(300);
    expect(tookMs).toBeLessThan(200);
  });
});
