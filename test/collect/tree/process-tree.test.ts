import { describe, expect, it } from 'vitest';
import { createProcessTree } from '../../../src/collect/tree/process-tree.ts';
import { startPrefork } from '../../programs/start-prefork.ts';
import { start } from '../processes.ts';

describe('a tree of processes', () => {
  it('tells who came and whose a thread is, and forgets who ended', async () => {
    const master = await startPrefork(['web:7:syscall:10', 'log:7:libc:10']);
    const [web = 0, log = 0] = master.workers;
    const tree = createProcessTree(master.pid, true);
    expect(tree.pids()).toEqual([master.pid]);
    expect(tree.refresh()).toEqual([web, log]);
    expect(tree.refresh()).toEqual([]);
    const third = await master.tell('+new:7:syscall:10');
    expect(tree.processOf(third)).toBeUndefined();
    expect(tree.refresh()).toEqual([third]);
    expect(tree.threads()).toEqual([master.pid, web, log, third]);
    await master.tell(`-${log}`);
    tree.refresh();
    expect(tree.pids()).toEqual([master.pid, web, third]);
    expect([web, log, process.pid, master.pid].map((tid) => tree.processOf(tid, 'now'))).toEqual([
      web,
      undefined,
      undefined,
      master.pid,
    ]);
    await master.end();
  });

  it('knows the process of a thread of its own number', async () => {
    const shell = await start('/bin/bash', [
      '--norc',
      '-c',
      `"${process.execPath}" -e 'setTimeout(() => {}, 2e4)' & wait`,
    ]);
    const tree = createProcessTree(shell.pid, true);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const [node = 0] = tree.refresh();
    const threads = tree.threads().filter((tid) => tid !== shell.pid && tid !== node);
    expect(threads.length).toBeGreaterThan(3);
    expect(new Set(threads.map((tid) => tree.processOf(tid)))).toEqual(new Set([node]));
    expect(new Set(threads.map((tid) => tree.processOf(tid, 'now')))).toEqual(new Set([node]));
    process.kill(node);
    await shell.end();
  });

  it('is the target alone where its children are not asked for', async () => {
    const master = await startPrefork(['web:7:syscall:10']);
    const tree = createProcessTree(master.pid, false);
    expect(tree.refresh()).toEqual([]);
    expect(tree.pids()).toEqual([master.pid]);
    expect(tree.threads()).toEqual([master.pid]);
    await master.end();
  });
});
