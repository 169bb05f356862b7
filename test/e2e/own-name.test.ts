import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runVdsotop } from './run-vdsotop.ts';
import { runningDemo } from './running-demo.ts';
import { startVdsotop } from './start-vdsotop.ts';

/** By what name a vdsotop that runs is found, stopped and told of. */
const demo = runningDemo();
const found = () => spawnSync('pgrep', ['-x', 'vdsotop'], { encoding: 'utf8' }).stdout.split('\n').map(Number);

it('is found as vdsotop with its whole command line, and ends on a signal sent by that name', async () => {
  const args = ['report', '-p', String(demo.pid), '-d', '1h'];
  const watch = startVdsotop(args);
  // It goes by that name as the sh script that it begins as, too.
  await expect
    .poll(() => readFileSync(`/proc/${watch.pid}/cmdline`, 'utf8'), { timeout: 15_000 })
    .toMatch(new RegExp(`^[^\\0]*node\\0.*/cli\\.js\\0${args.join('\0')}\0$`));
  await expect.poll(found, { timeout: 15_000 }).toContain(watch.pid);
  // So another one names it too.
  expect(runVdsotop(['report', '-p', String(watch.pid), '-d', '100ms']).output).toMatch(/^\w+: vdsotop \(pid/);
  spawnSync('kill', [String(watch.pid)]);
  const { status } = await watch.outcome;
  expect(status).toBe(143);
  expect(found()).not.toContain(watch.pid);
});
