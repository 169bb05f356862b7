import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { countEntries } from '../../src/analysis/counted-entries.ts';
import { createEventLog } from '../../src/session/event-log.ts';
import { createProbes } from '../../src/session/probes.ts';
import { start } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';

it('counts a command at its own rate from its exec on, with the counters that are opened for it', async () => {
  const reads = [buildProgram('workload'), '--path', 'syscall', '--rate', '1000', '--seconds', '20'];
  const program = await start(buildProgram('exec-on-line'), reads);
  expect(await program.line()).toBe('ready');
  const options = {
    pid: program.pid,
    startsWithExec: true,
    counter: 'perf',
    children: false,
    fastCallsBudget: 0,
  } as const;
  const probes = createProbes(options, createEventLog());
  onTestFinished(() => probes.close());
  await probes.arm();
  await sleep(500);
  const first = await probes.snapshot(0);
  program.child.stdin?.write('go\n');
  await sleep(50);
  await probes.snapshot(0);
  await sleep(1_000);
  const last = await probes.snapshot(0);
  const counted = countEntries({ first, last });
  if ('unavailable' in counted) throw new Error(counted.detail);
  const perSecond = counted.counts.reduce((sum, { count }) => sum + count, 0) / counted.seconds;
  expect(perSecond).toBeGreaterThan(900);
  expect(perSecond).toBeLessThan(1_100);
  await program.end();
});
