import { expect, it, onTestFinished, vi } from 'vitest';
import { openKernelEntries } from '../../src/collect/entries/kernel-entries.ts';
import { createProcessTree } from '../../src/collect/tree/process-tree.ts';
import { createTreeMembers } from '../../src/collect/tree/tree-members.ts';
import { createTreeFacts } from '../../src/session/tree-facts.ts';
import { value } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';
import { startPrefork } from '../programs/start-prefork.ts';

const reader = `+web:exec:${buildProgram('workload')} --path syscall --rate 2000`;

/** A tree, and what is said of its processes at each look. */
async function watchTree() {
  const master = await startPrefork([]);
  const tree = createProcessTree(master.pid, true);
  const members = createTreeMembers(tree);
  const counter = openKernelEntries({ pid: master.pid, bits: 64 }, { children: true });
  onTestFinished(() => counter.close());
  const facts = createTreeFacts(tree, members);
  const look = (pid: number) => {
    tree.refresh();
    members.refresh();
    const { processes, programs } = facts(counter.read());
    const found = processes.find((one) => one.pid === pid);
    return { comm: found?.comm, ended: found?.ended === true, runtime: programs[found?.program ?? -1]?.runtime };
  };
  look(master.pid);
  const hasEntered = () => value(counter.read()).threads.length > 0;
  return { master, look, hasEntered };
}

it('does not say of a member that ended within a second that it ran on no runtime', async () => {
  const { master, look, hasEntered } = await watchTree();
  const pid = await master.tell(reader);
  await vi.waitUntil(() => look(pid).comm?.startsWith('workload'), { timeout: 700, interval: 20 });
  await vi.waitUntil(hasEntered, { timeout: 700, interval: 20 });
  look(pid);
  await master.tell(`-${pid}`);
  const early = { ended: true, runtime: { unavailable: 'absent', detail: expect.stringMatching(/^it ended before/) } };
  expect(look(pid)).toMatchObject(early);
  expect(look(pid)).toMatchObject(early);
  await master.end();
});

it('says it of one that was read again a second later', async () => {
  const { master, look, hasEntered } = await watchTree();
  const pid = await master.tell(reader);
  await vi.waitUntil(() => look(pid).comm?.startsWith('workload'), { timeout: 700, interval: 20 });
  await vi.waitUntil(hasEntered, { timeout: 700, interval: 20 });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  look(pid);
  await master.tell(`-${pid}`);
  expect(look(pid)).toMatchObject({ ended: true, runtime: { value: { name: 'none' } } });
  await master.end();
});
