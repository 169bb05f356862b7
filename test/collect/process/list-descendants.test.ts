import { describe, expect, it } from 'vitest';
import { listChildren } from '../../../src/collect/process/list-children.ts';
import { listDescendants } from '../../../src/collect/process/list-descendants.ts';
import { start, until } from '../processes.ts';

const tree = 'exec 2>/dev/null; (sleep 91 & sleep 92 & echo up; wait) & (sleep 93; :) & wait';

describe('listDescendants', () => {
  it('finds the whole tree, parents before children, and nothing else', async () => {
    const root = await start('/bin/bash', ['--norc', '-c', tree]);
    await root.line();
    await until(() => listDescendants(root.pid).length === 5);
    const descendants = listDescendants(root.pid);
    const children = listChildren(root.pid);
    for (const pid of descendants) process.kill(pid, 'SIGKILL');
    expect(children).toHaveLength(2);
    expect(descendants.slice(0, 2)).toEqual(children);
    expect(new Set(descendants).size).toBe(5);
  });

  it('leaves ourselves out of what our parent has started', () => {
    expect(listDescendants(process.ppid)).not.toContain(process.pid);
  });

  it('is empty for a process without children and for one that has ended', async () => {
    const target = await start('sleep', ['99']);
    expect(listDescendants(target.pid)).toEqual([]);
    await target.end();
    expect(listDescendants(target.pid)).toEqual([]);
  });
});
