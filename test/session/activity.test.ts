import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createProcessTree } from '../../src/collect/tree/process-tree.ts';
import { createActivity } from '../../src/session/activity.ts';
import { start, value } from '../collect/processes.ts';

/** A child after the other that counts to 20,000: some 20 ms of CPU time each, and all that the target does. */
const children = 'while :; do sh -c "i=0; while [ \\$i -lt 20000 ]; do i=\\$((i+1)); done"; done';

describe('the CPU time of a tree', () => {
  it('has what children burnt that ended unseen and were waited for; of one process it is its own', async () => {
    const { pid, end } = await start('sh', ['-c', children]);
    const tree = createProcessTree(pid, true);
    const ofTree = createActivity(pid, tree, true);
    const ofOne = createActivity(pid, createProcessTree(pid, false), false);
    const cpuTimeNs = () => [ofTree, ofOne].map((activity) => value(activity.read([])).cpuTimeNs);
    const before = cpuTimeNs();
    await sleep(1_500);
    const [inTree = 0, own = 0] = cpuTimeNs().map((ns, at) => ns - (before[at] ?? 0));
    await end();
    expect(inTree).toBeGreaterThan(0.5e9);
    expect(own).toBeLessThan(inTree / 3);
  });
});
