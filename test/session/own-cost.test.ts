import { expect, it, onTestFinished } from 'vitest';
import { createEventLog } from '../../src/session/event-log.ts';
import { createProbes } from '../../src/session/probes.ts';

it('what was burnt before it attached is no cost of watching', async () => {
  const options = {
    pid: process.pid,
    startsWithExec: false,
    counter: 'perf',
    children: false,
    fastCallsBudget: 0,
  } as const;
  const cpuNs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1_000;
  };
  const before = cpuNs();
  const probes = createProbes(options, createEventLog());
  onTestFinished(() => probes.close());
  await probes.arm();
  const armed = cpuNs() - before;
  const { cost } = await probes.snapshot(0);
  const all = cpuNs() - before;
  expect(before).toBeGreaterThan(0);
  expect(cost.cpuTimeNs).toBeGreaterThanOrEqual(armed * 0.9);
  expect(cost.cpuTimeNs).toBeLessThanOrEqual(all);
});
