import { expect, it, onTestFinished } from 'vitest';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createProcessTree } from '../../src/collect/tree/process-tree.ts';
import { createTreeMembers } from '../../src/collect/tree/tree-members.ts';
import type { TargetFacts } from '../../src/model/target.ts';
import { createCounters } from '../../src/session/counters.ts';
import { start } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';

const host = collectHost(readOwnVdso());
const x32 = { unavailable: 'unsupported', detail: 'it is an x32 program' } as const;
const unseen = { unavailable: 'denied', detail: '/proc/PID/exe: EACCES' } as const;

/** What counters say of a program before and after it executes another; few kernels run x32, so that it is told what it is. */
async function acrossExec(before: Partial<TargetFacts>, after: Partial<TargetFacts>) {
  const { pid } = await start(buildProgram('wait'));
  const target = collectTarget(pid);
  const tree = createProcessTree(pid, false);
  const options = { counter: 'auto', children: false, fastCallsBudget: 0 } as const;
  const counters = createCounters(options, tree, createTreeMembers(tree));
  onTestFinished(counters.detach);
  counters.attach({ ...target, ...before }, host, true);
  const first = counters.entries();
  counters.reattach({ ...target, ...before }, { ...target, ...after }, host);
  return [first, counters.entries()];
}

const counted = { value: { counts: [], exact: true } };

it('counts nothing of an x32 program that a 64-bit one becomes: no zero is told of what is not seen', async () => {
  expect(await acrossExec({}, { bits: x32 })).toMatchObject([counted, x32]);
});

it('counts the 64-bit program that an x32 one becomes', async () => {
  expect(await acrossExec({ bits: x32 }, {})).toMatchObject([x32, counted]);
});

it('counts nothing of a program whose word size can no longer be seen', async () => {
  const blind = { unavailable: 'denied', detail: expect.stringContaining('not known whether the target is a 32-bit') };
  expect(await acrossExec({}, { bits: unseen })).toMatchObject([counted, blind]);
});

it('keeps the counter across an exec of the same word size, where it is exact', async () => {
  const [first, last] = await acrossExec({}, {});
  if (first === undefined || last === undefined || !('value' in first && 'value' in last))
    throw new Error('not counted');
  expect(last.value.opening).toBe((first.value.opening ?? 0) + (first.value.method === 'bpf' ? 0 : 1));
});
