import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import { listChildren } from '../../src/collect/process/list-children.ts';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createChildrenReads } from '../../src/session/children-reads.ts';
import { holdDebugRegisters } from '../collect/calls/hold-debug-registers.ts';
import { skipWithoutBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { start, until, value } from '../collect/processes.ts';
import { ownFiles } from '../own-files.ts';
import { startPrefork } from '../programs/start-prefork.ts';

const host = collectHost(readOwnVdso());

/** A shell with so many children, which read no clock. */
async function startMaster(count: number) {
  const script = `for i in $(seq ${count}); do sleep 60 >/dev/null & done; echo up; wait`;
  const master = await start('sh', ['-c', script]);
  await master.line();
  await until(() => value(collectTarget(master.pid).children).every(({ comm }) => comm === 'sleep'));
  const children = listChildren(master.pid);
  const end = async () => {
    for (const pid of children) process.kill(pid, 'SIGKILL');
    await master.end();
  };
  return { pid: master.pid, children, end };
}

it('keeps what was seen when the target ends, and ends a look that goes on', async () => {
  const master = await startMaster(2);
  const reads = createChildrenReads(master.pid, { counter: 'auto' });
  try {
    const target = collectTarget(master.pid);
    expect(reads.last(target)).toBe(target.children);
    reads.follow(target, host, 300);
    await setTimeout(300);
    const seen = reads.last(target);
    expect(value(seen).map(({ readsSeen }) => readsSeen)).toEqual([0, 0]);
    expect(seen).toMatchObject({ source: expect.stringMatching(/^a look at 2 of 2 children for 0\.\d s$/) });
    expect(reads.last({ ...target, children: { value: [], source: 'gone' } })).toBe(seen);
  } finally {
    reads.close();
    await master.end();
  }
});

it.each([
  [10, 8],
  [2, 2],
])('of %d children %d are looked at, and all are told', async (count, looked) => {
  const master = await startMaster(count);
  const reads = createChildrenReads(master.pid, { counter: 'auto' });
  try {
    const target = collectTarget(master.pid);
    expect(value(target.children)).toHaveLength(count);
    expect(reads.follow(target, host, 299)).toBe(target.children);
    expect(reads.follow(target, host, 300)).toBe(target.children);
    await setTimeout(1_050);
    const seen = reads.follow(target, host, 1_350);
    expect(value(seen).map(({ pid }) => pid)).toEqual(master.children);
    expect(value(seen).every(({ comm }) => comm === 'sleep')).toBe(true);
    expect(value(seen).filter(({ readsSeen }) => readsSeen === 0)).toHaveLength(looked);
    expect(seen).toMatchObject({ source: `a look at ${looked} of ${count} children for 1 s` });
  } finally {
    reads.close();
    await master.end();
  }
});

it.each([
  ['through the vDSO', 'log:7:libc:1000', undefined],
  ['by system call', 'web:7:syscall:1000', expect.any(Number)],
])('of a child that reads %s it says no zero where no breakpoint may be set', async (_, worker, readsSeen) => {
  const master = await startPrefork([worker]);
  const reads = createChildrenReads(master.pid, { counter: 'perf', fastCallsBudget: 0 });
  try {
    const target = collectTarget(master.pid);
    const programs = ownPrograms();
    reads.follow(target, host, 300);
    expect(ownPrograms()).toBeLessThanOrEqual(programs);
    await setTimeout(100);
    const [child] = value(reads.last(target));
    expect(child?.pid).toBe(master.workers[0]);
    expect(child?.readsSeen).toEqual(readsSeen);
    expect(child?.readsSeen).not.toBe(0);
  } finally {
    reads.close();
    await master.end();
  }
});

it.each([
  [0, 0],
  [1, 0],
  [2, undefined],
])('of a child of which a debugger holds %i debug registers it says %s', async (taken, readsSeen) => {
  skipWithoutBreakpoints();
  const master = await startMaster(1);
  const [child = 0] = master.children;
  const debug = taken === 0 ? undefined : await holdDebugRegisters(child, taken);
  const reads = createChildrenReads(master.pid, { counter: 'auto' });
  try {
    const target = collectTarget(master.pid);
    reads.follow(target, host, 300);
    await setTimeout(600);
    expect(value(reads.last(target)).map((one) => one.readsSeen)).toEqual([readsSeen]);
  } finally {
    reads.close();
    await debug?.end();
    await master.end();
  }
});

/** BPF programs that we hold: a count by perf takes none. */
function ownPrograms(): number {
  return ownFiles().filter(({ link }) => link === 'anon_inode:bpf-prog').length;
}
