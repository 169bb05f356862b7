import { expect, it } from 'vitest';
import { createThreadIds } from '../../../src/collect/process/thread-ids.ts';
import { start } from '../processes.ts';

it('threads are known by their numbers after their end, those that ended last', async () => {
  const processes = [await start('sleep', ['99']), await start('sleep', ['99']), await start('sleep', ['99'])];
  const pids = processes.map(({ pid }) => pid);
  const [first = 0, second = 0, third = 0] = pids;
  const threadIds = createThreadIds(() => pids, 1);
  expect(pids.map(threadIds())).toEqual(pids);
  await processes[0]?.end();
  expect([first, second, third].map(threadIds())).toEqual([first, second, third]);
  await processes[1]?.end();
  expect([first, second, third].map(threadIds())).toEqual([undefined, second, third]);
});
